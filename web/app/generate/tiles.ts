import { LitElement, css, html, type PropertyValues } from 'lit'
import type { Pictures } from '../../shared/engine.ts'
import { rgba } from '../../shared/pictures.ts'
import { base } from '../style/base.ts'

/** A grid of small pictures, each with its own words for those who hear the page. */
export class DdpmTiles extends LitElement {
  static override properties = {
    pictures: { attribute: false },
    labels: { attribute: false },
    when: { attribute: false },
    side: { type: Number },
  }

  static override styles = [
    base,
    css`
      div {
        display: grid;
        gap: clamp(2px, 0.6vw, 6px);
      }

      canvas {
        display: block;
        width: 100%;
        aspect-ratio: 1;
        border-radius: 2px;
        background: var(--fill);
        image-rendering: pixelated;
      }
    `,
  ]

  declare pictures: Pictures | undefined
  /** One for each picture. */
  declare labels: readonly string[]
  /** Which step of a run they are of, in words, where they are of one. */
  declare when: string | undefined
  /** Pixels of a picture's side, before the first one is there. */
  declare side: number

  constructor() {
    super()
    this.labels = []
    this.side = 28
  }

  protected override render() {
    const columns = columnsOf(this.labels.length)
    return html`
      <div style="grid-template-columns:repeat(${columns},minmax(0,1fr))">
        ${this.labels.map(
          (label) =>
            html`<canvas
              role="img"
              aria-label=${this.when ? `${label}, ${this.when}` : label}
              width=${this.side}
              height=${this.side}
            ></canvas>`,
        )}
      </div>
    `
  }

  protected override updated(_changed: PropertyValues<this>) {
    const { pictures } = this
    for (const [i, canvas] of this.renderRoot.querySelectorAll('canvas').entries()) {
      const context = canvas.getContext('2d')
      if (!pictures || i >= pictures.count) {
        context?.clearRect(0, 0, canvas.width, canvas.height)
        continue
      }
      const { data, width, height } = rgba(pictures, i)
      if (canvas.width !== width) canvas.width = width
      if (canvas.height !== height) canvas.height = height
      context?.putImageData(new ImageData(data, width, height), 0, 0)
    }
  }
}

/** A shape that suits n pictures: ten in two rows of five, eight in two of four, others near a square. */
export function columnsOf(n: number): number {
  if (n <= 3) return Math.max(1, n)
  if (n <= 4) return 2
  if (n <= 6) return 3
  if (n === 8) return 4
  if (n === 10) return 5
  return Math.min(8, Math.ceil(Math.sqrt(n)))
}

customElements.define('ddpm-tiles', DdpmTiles)
