import { css, html, LitElement, nothing } from 'lit'
import type { BoundTerm, Estimated } from '../../shared/engine.ts'
import { text } from '../messages/index.ts'
import { figure, fixed } from '../parts/format.ts'
import { prose } from '../parts/prose.ts'
import { base } from '../style/base.ts'

/** The bound's three parts as one bar and in numbers, each with its error. */
export class DdpmSplit extends LitElement {
  static override properties = { term: { attribute: false } }
  static override styles = [
    base,
    css`
      .bar {
        height: 1.25rem;
        border-radius: 4px;
        background: var(--fill);
      }

      /* One box, in which nothing moves as the parts become known. */
      .bar[style] {
        background: linear-gradient(
          to right,
          var(--soft) var(--prior),
          var(--cosine) var(--prior) var(--steps),
          var(--linear) var(--steps)
        );
      }

      .prior {
        background: var(--soft);
      }

      .divergence {
        background: var(--cosine);
      }

      .decoder {
        background: var(--linear);
      }

      table {
        width: 100%;
        margin-top: 0.75rem;
        border-collapse: collapse;
        font-size: 0.9375rem;
      }

      th,
      td {
        padding: 0.35rem 0.75rem 0.35rem 0;
        border-bottom: 1px solid var(--line);
        font-weight: 400;
        text-align: start;
        vertical-align: baseline;
      }

      /* As wide as its longest number gets, so that the names stand still. */
      td {
        width: 19rem;
        white-space: nowrap;
      }

      /* On a phone a number stands below its name. */
      @container (max-width: 34rem) {
        tr {
          display: block;
          padding: 0.35rem 0;
          border-bottom: 1px solid var(--line);
        }

        th,
        td {
          display: block;
          padding: 0;
          border: 0;
        }

        td {
          width: auto;
        }

        tr:has(.swatch) td {
          padding-inline-start: 1.125rem;
        }
      }

      tr.total th,
      tr.total td {
        border-bottom: 0;
        font-weight: 600;
      }

      /* A name's second line begins where its first does. */
      th:has(.swatch) {
        padding-inline-start: 1.125rem;
      }

      .swatch {
        display: inline-block;
        width: 0.625rem;
        height: 0.625rem;
        margin-inline: -1.125rem 0.5rem;
        border-radius: 2px;
      }
    `,
  ]

  declare term: BoundTerm | undefined

  protected override render() {
    const term = this.term
    const known = term && term.rounds > 0
    const parts = known ? [term.prior, term.divergence.mean, term.decoder.mean] : []
    const whole = parts.reduce((sum, bits) => sum + Math.max(0, bits), 0)
    const [prior = 0, steps = 0] = parts.map((bits) => (100 * Math.max(0, bits)) / whole)
    const ends = `--prior:${prior.toFixed(2)}%;--steps:${(prior + steps).toFixed(2)}%`
    return html`
      <div class="bar" aria-hidden="true" style=${known ? ends : nothing}></div>
      <table>
        <tbody>
          <tr>
            <th scope="row"><span class="swatch prior"></span>${prose(text.bound.prior)}</th>
            <td class="number prior-bits">${term ? text.bound.bits(figure(term.prior)) : '…'}</td>
          </tr>
          ${this.#row('divergence', known ? term.divergence : undefined)}
          ${this.#row('decoder', known ? term.decoder : undefined)}
          ${this.#row('total', known ? term.total : undefined)}
          <tr>
            <th scope="row">${prose(text.bound.simple)}</th>
            <td class="number">${known ? estimate(term.simple, 4) : '…'}</td>
          </tr>
        </tbody>
      </table>
    `
  }

  #row(name: 'divergence' | 'decoder' | 'total', value: Estimated | undefined) {
    return html`<tr class=${name === 'total' ? 'total' : nothing}>
      <th scope="row">
        ${name === 'total' ? nothing : html`<span class="swatch ${name}"></span>`}${prose(text.bound[name])}
      </th>
      <td class="number">${value ? text.bound.bits(estimate(value, 3)) : '…'}</td>
    </tr>`
  }
}

/** A mean with its error, where that is known. */
function estimate({ mean, error }: Estimated, decimals: number): string {
  return Number.isFinite(error) ? `${fixed(mean, decimals)} ± ${fixed(error, decimals)}` : fixed(mean, decimals)
}

customElements.define('ddpm-split', DdpmSplit)
