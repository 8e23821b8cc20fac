import { LitElement, css, html, nothing } from 'lit'
import type { ModelInfo } from '../../shared/engine.ts'
import { text } from '../messages/index.ts'
import { decimal, large } from '../parts/format.ts'
import { base } from '../style/base.ts'

/** What the file says of the network, and the command line that draws the same pictures, with what is put in below it. */
export class DdpmAbout extends LitElement {
  static override properties = { model: { attribute: false }, command: { type: String } }
  static override styles = [
    base,
    css`
      details {
        border-top: 1px solid var(--line);
      }

      details:last-child {
        border-bottom: 1px solid var(--line);
      }

      summary {
        padding: calc((var(--control) - 1lh) / 2) 0;
        font-size: 0.875rem;
        cursor: pointer;
      }

      dl {
        display: grid;
        grid-template-columns: fit-content(40%) minmax(0, 1fr);
        gap: 0.25rem 1.5rem;
        padding-bottom: 1rem;
        font-size: 0.8125rem;
      }

      dt {
        color: var(--soft);
      }

      dd,
      code {
        overflow-wrap: anywhere;
      }

      .word {
        display: inline-block;
      }

      code {
        display: block;
        margin-bottom: 1rem;
        padding: 0.75rem 0.875rem;
        border-radius: var(--radius);
        background: var(--fill);
        font:
          400 0.8125rem/1.6 ui-monospace,
          'SF Mono',
          Menlo,
          Consolas,
          monospace;
        user-select: all;
      }
    `,
  ]

  declare model: ModelInfo | undefined
  /** Draws the pictures that are shown; empty while there are none. */
  declare command: string

  constructor() {
    super()
    this.command = ''
  }

  protected override render() {
    const { model } = this
    if (!model) return nothing
    const words = text.generate.about
    const { data, command, images_seen: seen, hours } = model.metadata
    const rows: [string, unknown][] = [
      [words.name, model.name],
      [words.hash, model.hash],
      [words.size, words.parameters(large(model.parameters))],
      [words.work, words.multiplyAdds(large(model.multiplyAdds))],
      [words.prediction, words.predictions[model.prediction] ?? model.prediction],
      [words.schedule, words.scheduleOf(model.schedule, String(model.timesteps))],
      [words.data, data],
      [words.seen, seen && large(Number(seen))],
      [words.hours, hours && decimal(Number(hours))],
      [words.command, command && unparted(command)],
    ]
    return html`
      <details>
        <summary>${words.title}</summary>
        <dl>
          ${rows.map(([name, value]) =>
            value
              ? html`<dt>${name}</dt>
                  <dd>${value}</dd>`
              : nothing,
          )}
        </dl>
      </details>
      ${
        this.command
          ? html`<details>
              <summary>${words.terminal}</summary>
              <code>${this.command}</code>
              <slot></slot>
            </details>`
          : nothing
      }
    `
  }
}

/** A command, of which a flag is never parted from its dashes. */
function unparted(command: string) {
  return command.split(' ').map((word) => html`<span class="word">${word}</span> `)
}

customElements.define('ddpm-about', DdpmAbout)
