import { LitElement, css, html } from 'lit'
import { text } from '../messages/index.ts'
import { whole } from '../parts/format.ts'
import { base } from '../style/base.ts'
import { controls } from '../style/controls.ts'

/**
 * Progress and the way back in one line, as a video player has it: the track
 * fills as steps are done, and the thumb can be put on any of them. Fires `scrub`.
 */
export class DdpmScrub extends LitElement {
  static override properties = {
    index: { type: Number },
    of: { type: Number },
    t: { type: Number },
    share: { type: Number },
    latest: { type: Number },
  }

  static override styles = [
    base,
    controls,
    css`
      :host {
        position: relative;
      }

      .track {
        position: absolute;
        inset: calc(50% - 2px) 0.75rem auto;
        height: 4px;
        overflow: hidden;
        border-radius: 2px;
        background: var(--line);
      }

      .track div {
        height: 100%;
        background: var(--edge);
        transform-origin: left;
      }

      input[type='range'] {
        position: relative;
      }

      input[type='range']::-webkit-slider-runnable-track {
        background: transparent;
      }

      input[type='range']::-moz-range-track {
        background: transparent;
      }

      input[type='range']:disabled::-webkit-slider-thumb {
        visibility: hidden;
      }

      input[type='range']:disabled::-moz-range-thumb {
        visibility: hidden;
      }
    `,
  ]

  /** The step that is shown; 0 while there is none. */
  declare index: number
  declare of: number
  declare t: number
  /** Of the whole run, what is done: 0…1. */
  declare share: number
  /** The latest step that is done. */
  declare latest: number

  constructor() {
    super()
    this.index = 0
    this.of = 1
    this.t = 0
    this.share = 0
    this.latest = 0
  }

  protected override render() {
    return html`
      <div class="track" aria-hidden="true"><div style="transform:scaleX(${this.share})"></div></div>
      <input
        type="range"
        min="0"
        max=${this.of}
        step="1"
        .value=${String(this.index)}
        ?disabled=${this.latest === 0}
        aria-label=${text.generate.scrub}
        aria-valuetext=${text.generate.scrubText(whole(this.index), whole(this.of), whole(this.t))}
        @input=${this.#scrub}
      />
    `
  }

  #scrub(event: Event): void {
    const input = event.target as HTMLInputElement
    const index = Math.min(this.latest, Math.max(1, Number(input.value)))
    input.value = String(index)
    this.dispatchEvent(new CustomEvent('scrub', { detail: index }))
  }
}

customElements.define('ddpm-scrub', DdpmScrub)
