import { LitElement, css, html, svg } from 'lit'
import { text } from '../messages/index.ts'
import { base } from '../style/base.ts'
import { autoregressive, diffusion, gan, vae } from './drawings.ts'

const drawings = { gan, vae, autoregressive, diffusion }

/** Where diffusion stands among the models that make pictures. */
export class DdpmOpening extends LitElement {
  static override styles = [
    base,
    css`
      section {
        margin-bottom: calc(var(--step) * 2);
        padding-bottom: calc(var(--step) * 1.75);
        border-bottom: 1px solid var(--line);
      }

      .say {
        max-width: 44rem;
        font: 400 clamp(1.125rem, 1rem + 0.5vw, 1.375rem) / 1.45 var(--serif);
        text-wrap: pretty;
      }

      .four {
        display: grid;
        grid-template-columns: repeat(2, minmax(0, 1fr));
        gap: 1.5rem clamp(1rem, 4vw, 3rem);
        margin-top: var(--step);
      }

      svg {
        display: block;
        width: 100%;
        max-width: 12rem;
        height: auto;
        fill: var(--ink);
        shape-rendering: crispEdges;
      }

      .frame {
        fill: var(--fill);
      }

      .arrow {
        fill: none;
        stroke: var(--edge);
        stroke-width: 1.25;
        shape-rendering: auto;
      }

      .arrow.soft {
        stroke-dasharray: 2 2.5;
      }

      .now {
        fill: none;
        stroke: var(--linear);
        stroke-width: 1.5;
      }

      text {
        font: 400 15px/1 var(--serif);
      }

      figcaption {
        margin-top: 0.625rem;
        color: var(--soft);
        font-size: 0.8125rem;
        line-height: 1.45;
        text-wrap: pretty;
      }

      strong {
        display: block;
        color: var(--ink);
        font-weight: 600;
      }

      .ours strong {
        text-decoration: underline;
        text-decoration-color: var(--linear);
        text-decoration-thickness: 2px;
        text-underline-offset: 0.25em;
      }

      @media (min-width: 62rem) {
        .four {
          grid-template-columns: repeat(4, minmax(0, 1fr));
        }
      }
    `,
  ]

  protected override render() {
    const { say, models } = text.opening
    return html`
      <section aria-label=${text.opening.label}>
        <p class="say">${say}</p>
        <div class="four">
          ${(['gan', 'vae', 'autoregressive', 'diffusion'] as const).map(
            (name) => html`
              <figure class=${name === 'diffusion' ? 'ours' : ''}>
                <svg viewBox="0 0 160 56" role="img" aria-label=${models[name].drawn}>${svg`${drawings[name]}`}</svg>
                <figcaption><strong>${models[name].name}</strong>${models[name].says}</figcaption>
              </figure>
            `,
          )}
        </div>
      </section>
    `
  }
}

customElements.define('ddpm-opening', DdpmOpening)
