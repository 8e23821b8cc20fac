import { LitElement, css, html, nothing } from 'lit'
import type { ModelInfo } from '../../shared/engine.ts'
import { text } from '../messages/index.ts'
import { large } from '../parts/format.ts'
import { base } from '../style/base.ts'

/** What the file says of the network, and the recipe as a command line that draws the same pictures. */
export class DdpmAbout extends LitElement {
  static override properties = { model: { attribute: false }, file: { type: String }, recipe: { type: String } }
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
        padding: 0.625rem 0;
        font-size: 0.875rem;
        cursor: pointer;
      }

      dl {
        display: grid;
        grid-template-columns: max-content minmax(0, 1fr);
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
  /** The checkpoint's name in weights/. */
  declare file: string
  /** The recipe of the pictures that are shown; empty while there are none. */
  declare recipe: string

  constructor() {
    super()
    this.file = ''
    this.recipe = ''
  }

  protected override render() {
    const { model, recipe } = this
    if (!model) return nothing
    const words = text.generate.about
    const { data, command, images_seen: seen, hours } = model.metadata
    const rows: [string, string | undefined][] = [
      [words.name, model.name],
      [words.hash, model.hash],
      [words.size, words.parameters(large(model.parameters))],
      [words.work, words.multiplyAdds(large(model.multiplyAdds))],
      [words.prediction, words.predictions[model.prediction] ?? model.prediction],
      [words.schedule, words.scheduleOf(model.schedule, String(model.timesteps))],
      [words.data, data],
      [words.seen, seen && large(Number(seen))],
      [words.hours, hours],
      [words.command, command],
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
        recipe
          ? html`<details>
              <summary>${words.terminal}</summary>
              <code>ddpm sample --model weights/${this.file} --recipe '${recipe}' --out grid.png</code>
            </details>`
          : nothing
      }
    `
  }
}

customElements.define('ddpm-about', DdpmAbout)
