import { html, type TemplateResult } from 'lit'
import { text } from '../messages/index.ts'

export interface Act {
  readonly busy: boolean
  /** What the button says, before and while it is busy. */
  readonly start: string
  readonly stop?: string
  /** Whether it can begin; it can always end. */
  readonly ready?: boolean
  begin(): void
  end(): void
}

/** The button that begins what a room does, and ends it: one element, so that who pressed it stands on it still. */
export function act({ busy, start, stop = text.generate.cancel, ready = true, begin, end }: Act): TemplateResult {
  return html`<button
    class=${busy ? 'main cancel' : 'main start'}
    ?disabled=${!busy && !ready}
    @click=${() => (busy ? end() : begin())}
  >
    ${busy ? stop : start}
  </button>`
}
