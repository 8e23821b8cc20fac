import { LitElement, css, html, nothing } from 'lit'
import { text } from '../messages/index.ts'
import type { EngineError } from '../../shared/errors.ts'
import type { Fault } from '../state/table.ts'
import { base } from '../style/base.ts'
import { controls } from '../style/controls.ts'

/** Something the visitor should know, in plain words, with a way to go on. */
export interface Notice {
  readonly title: string
  readonly lines: readonly string[]
  /** Technical words, for a bug report. */
  readonly detail?: string
  readonly retry?: () => void
  readonly dismiss?: () => void
}

/** The notice for an engine's error. */
export function errorNotice(error: EngineError, actions: Pick<Notice, 'retry' | 'dismiss'> = {}): Notice {
  const { titles, hints, subjects } = text.errors
  return {
    title: titles[error.kind],
    lines: [`${subjects[error.subject]}: ${hints[error.kind]}`],
    detail: error.message,
    ...actions,
  }
}

/** What was wrong with a link, or with a room's attributes. */
export function faultWords(fault: Fault): string {
  if (fault.why === 'unknown') return text.faults.unknown(fault)
  if (fault.why === 'model') return text.faults.model(fault.given, fault.used)
  if (fault.why === 'refused') return text.faults.used({ ...fault, wanted: text.faults.wanted[fault.key] })
  return text.faults.used(fault)
}

export class DdpmNotice extends LitElement {
  static override properties = { notice: { attribute: false } }
  static override styles = [
    base,
    controls,
    css`
      section {
        display: grid;
        grid-template-columns: 1fr auto;
        gap: 0.25rem 1rem;
        align-items: start;
        max-width: 52rem;
        margin-bottom: 1.5rem;
        padding: 0.875rem 1rem;
        border-left: 3px solid var(--fault);
        border-radius: 0 var(--radius) var(--radius) 0;
        background: var(--fault-fill);
        font-size: 0.9375rem;
      }

      h2 {
        font: 600 0.9375rem/1.5 var(--sans);
        letter-spacing: 0;
      }

      .words {
        min-width: 0;
        overflow-wrap: anywhere;
      }

      .acts {
        display: flex;
        gap: 0.5rem;
      }

      details {
        color: var(--soft);
        font-size: 0.8125rem;
      }

      summary {
        cursor: pointer;
      }

      @media (max-width: 36rem) {
        section {
          grid-template-columns: 1fr;
        }

        /* Its words stand below the others. */
        .dismiss:first-child {
          margin-inline-start: calc(-0.5rem - 1px);
        }
      }
    `,
  ]

  declare notice: Notice | undefined

  protected override render() {
    const { notice } = this
    if (!notice) return nothing
    return html`
      <section role="alert">
        <div class="words">
          <h2>${notice.title}</h2>
          ${notice.lines.map((line) => html`<p>${line}</p>`)}
          ${
            notice.detail
              ? html`<details>
                  <summary>${text.errors.detail}</summary>
                  <p>${notice.detail}</p>
                </details>`
              : nothing
          }
        </div>
        <div class="acts">
          ${notice.retry ? html`<button class="retry" @click=${notice.retry}>${text.retry}</button>` : nothing}
          ${notice.dismiss ? html`<button class="plain dismiss" @click=${notice.dismiss}>${text.dismiss}</button>` : nothing}
        </div>
      </section>
    `
  }
}

customElements.define('ddpm-notice', DdpmNotice)
