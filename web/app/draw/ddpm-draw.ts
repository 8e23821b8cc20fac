import { css, html, LitElement, nothing, type PropertyValues } from 'lit'
import { text } from '../messages/index.ts'
import { whole } from '../parts/format.ts'
import { base } from '../style/base.ts'
import { controls } from '../style/controls.ts'
import { Brush } from './brush.ts'
import type { Place } from './sheet.ts'
import './sheet.ts'

/**
 * A place to draw a picture of a model's size. White on black for grey models, as their training pictures are. Fires
 * `drawn` after each stroke.
 */
export class DdpmDraw extends LitElement {
  static override properties = {
    side: { type: Number },
    channels: { type: Number },
    fine: { type: Boolean },
    colour: { state: true },
  }

  static override styles = [
    base,
    controls,
    css`
      .tools {
        display: flex;
        flex-wrap: wrap;
        align-items: center;
        gap: 0.5rem;
        margin-top: 0.5rem;
      }

      input[type='color'] {
        width: var(--control);
        height: var(--control);
        padding: 0.125rem;
        border: 1px solid var(--edge);
        border-radius: var(--radius);
        background: var(--raised);
      }
    `,
  ]

  /** Pixels of the picture's side. */
  declare side: number
  declare channels: number
  /** Whether `drawn` gives the strokes as they were drawn, for those who scale them by themselves. */
  declare fine: boolean
  declare colour: string

  #brush: Brush | undefined
  #sized = 0
  /** Whether the sheet shows a stroke. */
  #marked = false

  constructor() {
    super()
    this.side = 28
    this.channels = 1
    this.fine = false
    this.colour = '#ffffff'
  }

  protected override willUpdate() {
    if (this.#sized === this.side) return
    this.#sized = this.side
    this.#brush = new Brush(this.side)
  }

  protected override render() {
    return html`
      <ddpm-sheet
        .side=${this.side}
        .label=${text.draw.sheet}
        .keys=${text.draw.keys}
        .where=${text.draw.place}
        @begin=${this.#begin}
        @reach=${this.#reach}
        @end=${this.#tell}
        ><canvas></canvas
      ></ddpm-sheet>
      <div class="tools">
        ${
          this.channels === 3
            ? html`<input
                type="color"
                aria-label=${text.draw.colour}
                .value=${this.colour}
                @input=${(event: Event) => (this.colour = (event.target as HTMLInputElement).value)}
              />`
            : nothing
        }
        <button ?disabled=${!this.#brush?.undoable} @click=${this.#undo}>${text.draw.undo}</button>
        <button ?disabled=${!this.#brush?.undoable} @click=${this.#clear}>${text.draw.clear}</button>
        <span class="quiet">${text.draw.size(whole(this.side))}</span>
      </div>
    `
  }

  protected override updated(_changed: PropertyValues<this>) {
    this.#show()
  }

  #show(): void {
    const canvas = this.renderRoot.querySelector('canvas')
    const source = this.#brush?.canvas
    if (!canvas || !source) return
    if (canvas.width !== source.width) canvas.width = canvas.height = source.width
    // An empty sheet is black by itself, and drawing makes the browser lay out the page.
    if (!this.#marked && !this.#brush?.undoable) return
    this.#marked = this.#brush?.undoable ?? false
    canvas.getContext('2d')?.drawImage(source, 0, 0)
  }

  /** A stroke as thick as those of the pictures that digits are read from: some two pixels of 28. */
  get #width(): number {
    return Math.max(1, this.side * (this.channels === 1 ? 0.085 : 0.0625))
  }

  #begin({ detail: [x, y] }: CustomEvent<Place>): void {
    this.#brush?.down(x, y, this.#width, this.colour)
    this.#show()
  }

  #reach({ detail: [x, y] }: CustomEvent<Place>): void {
    this.#brush?.to(x, y)
    this.#show()
  }

  #undo(): void {
    this.#brush?.undo()
    this.#tell()
  }

  #clear(): void {
    this.#brush?.clear()
    this.#tell()
  }

  #tell(): void {
    this.requestUpdate()
    if (!this.#brush) return
    const detail = this.fine ? this.#brush.strokes() : this.#brush.picture()
    this.dispatchEvent(new CustomEvent('drawn', { detail }))
  }
}

customElements.define('ddpm-draw', DdpmDraw)
