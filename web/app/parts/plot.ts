import { LitElement, css, html, type PropertyValues, unsafeCSS } from 'lit'
import uPlot from 'uplot'
import sheet from 'uplot/dist/uPlot.min.css?inline'
import { text } from '../messages/index.ts'
import { base } from '../style/base.ts'
import { watchTheme } from '../style/scheme.ts'
import { power, tick } from './format.ts'

/** One curve, or the bars of a histogram, over the plot's x. */
export interface Line {
  readonly label: string
  /** One of the page's colours, by its custom property. */
  readonly colour: `--${string}`
  /** null where there is none. */
  readonly values: ArrayLike<number | null>
  readonly shape?: 'line' | 'bars'
  readonly dash?: readonly number[]
}

/** Where the axes leave room, in pixels. */
const frame = { top: 8, right: 18, bottom: 26, left: 42 }

/**
 * Curves over a common x, drawn by uPlot in the page's colours and language. `at` is where its cursor stands; the
 * plot can be grabbed there and fires `pick` with the x that the hand points at. What is put into it lies over the
 * curves' ground and may place itself in percent. Those who hear the page are told the `label`.
 */
export class DdpmPlot extends LitElement {
  static override properties = {
    x: { attribute: false },
    lines: { attribute: false },
    range: { attribute: false },
    log: { type: Boolean },
    at: { type: Number },
    label: { type: String },
  }

  static override styles = [
    unsafeCSS(sheet),
    base,
    css`
      :host {
        position: relative;
        height: var(--plot-height, 10rem);
        min-width: 0;
      }

      .drawing {
        position: absolute;
        inset: 0;
      }

      .area {
        position: absolute;
        inset: ${frame.top}px ${frame.right}px ${frame.bottom}px ${frame.left}px;
      }

      .area.live {
        cursor: ew-resize;
        touch-action: pan-y;
      }

      .u-hz .u-cursor-x {
        border-right: 1px solid var(--ink);
      }
    `,
  ]

  declare x: ArrayLike<number>
  declare lines: readonly Line[]
  /** Least and greatest y. */
  declare range: readonly [number, number]
  /** Whether y is logarithmic. */
  declare log: boolean
  declare at: number | undefined
  declare label: string

  #plot: uPlot | undefined
  /** What the plot was built for; data and cursor may change without. */
  #built = ''
  /** Its size, from the observer: to ask for it while rendering would lay out the page once more. */
  #size = { width: 0, height: 0 }
  readonly #resized = new ResizeObserver(([entry]) => {
    const { width, height } = entry?.contentRect ?? this.#size
    this.#size = { width, height }
    this.#fit()
  })
  #unwatch: (() => void) | undefined

  constructor() {
    super()
    this.x = []
    this.lines = []
    this.range = [0, 1]
    this.log = false
    this.label = ''
  }

  override connectedCallback() {
    super.connectedCallback()
    this.#resized.observe(this)
    this.#unwatch = watchTheme(() => {
      this.#built = ''
      this.requestUpdate()
    })
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    this.#resized.disconnect()
    this.#unwatch?.()
    this.#plot?.destroy()
    this.#plot = undefined
    this.#built = ''
  }

  protected override render() {
    const live = this.at !== undefined
    return html`
      <div class="drawing" role="img" aria-label=${this.label}></div>
      <div class="area ${live ? 'live' : ''}" @pointerdown=${this.#grab} @pointermove=${this.#drag}><slot></slot></div>
    `
  }

  protected override updated(changed: PropertyValues<this>) {
    if (this.#size.width === 0 || this.x.length === 0) return
    const form = JSON.stringify([
      this.lines.map(({ colour, shape, dash }) => [colour, shape, dash]),
      this.log,
      text.locale,
    ])
    if (form !== this.#built) {
      this.#plot?.destroy()
      this.#plot = this.#build()
      this.#built = form
    } else if (changed.has('lines') || changed.has('x') || changed.has('range')) {
      this.#plot?.setData(this.#data)
    }
    this.#point()
  }

  get #data(): uPlot.AlignedData {
    return [this.x, ...this.lines.map(({ values }) => values)] as uPlot.AlignedData
  }

  #build(): uPlot {
    const style = getComputedStyle(this)
    const probe = this.renderRoot.querySelector<HTMLElement>('.drawing') as HTMLElement
    const colour = (name: string) => {
      probe.style.color = `var(${name})`
      return getComputedStyle(probe).color
    }
    const axis = {
      stroke: colour('--soft'),
      font: `12px ${style.getPropertyValue('--sans')}`,
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
    }
    const off = () => null
    return new uPlot(
      {
        ...this.#size,
        padding: [frame.top, frame.right, 0, 0],
        legend: { show: false },
        cursor: {
          show: this.at !== undefined,
          y: false,
          drag: { x: false, y: false },
          // Hands are followed by the area above, which knows of touch.
          bind: {
            mousedown: off, mouseup: off, click: off, dblclick: off, mousemove: off, mouseleave: off, mouseenter: off,
          }, // prettier-ignore
        },
        scales: {
          x: { time: false, range: (_, low, high) => [low, high] },
          y: { range: () => [...this.range], distr: this.log ? 3 : 1 },
        },
        axes: [
          { ...axis, size: frame.bottom, gap: 6, space: 60, values: (_, splits) => splits.map(tick) },
          {
            ...axis,
            size: frame.left,
            gap: 6,
            space: 28,
            ...(this.log ? { splits: () => decades(this.range), filter: (_: uPlot, splits: number[]) => splits } : {}),
            values: (_, splits) => splits.map((y: number) => (this.log ? power(Math.round(Math.log10(y))) : tick(y))),
          },
        ],
        series: [{}, ...this.lines.map((line) => series(line, colour(line.colour)))],
      },
      this.#data,
      probe,
    )
  }

  #fit(): void {
    if (!this.#plot) this.requestUpdate()
    else if (this.#size.width > 0) {
      this.#plot.setSize(this.#size)
      this.#point()
    }
  }

  #point(): void {
    if (this.at === undefined || !this.#plot) return
    this.#plot.setCursor({ left: this.#plot.valToPos(this.at, 'x'), top: 0 }, false)
  }

  #grab(event: PointerEvent): void {
    // What lies over the plot is grabbed for itself.
    if (event.button !== 0 || this.at === undefined || event.target !== event.currentTarget) return
    ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
    this.#pick(event)
  }

  #drag(event: PointerEvent): void {
    if ((event.currentTarget as Element).hasPointerCapture(event.pointerId)) this.#pick(event)
  }

  #pick(event: PointerEvent): void {
    const box = (event.currentTarget as Element).getBoundingClientRect()
    const share = Math.min(1, Math.max(0, (event.clientX - box.left) / box.width))
    const [first = 0, last = 1] = [this.x[0], this.x[this.x.length - 1]]
    this.dispatchEvent(new CustomEvent('pick', { detail: first + share * (last - first) }))
  }
}

/** Every second power of ten within a range, from its end. */
function decades([low, high]: readonly [number, number]): number[] {
  const [first, last] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))]
  const found: number[] = []
  for (let exponent = last; exponent >= first; exponent -= 2) found.unshift(10 ** exponent)
  return found
}

function series({ label, shape, dash }: Line, colour: string): uPlot.Series {
  const line: uPlot.Series = { label, stroke: colour, width: 2, points: { show: false } }
  if (dash) line.dash = dash.map((length) => length * devicePixelRatio)
  if (shape === 'bars' && uPlot.paths.bars) {
    return { ...line, width: 0, fill: colour, alpha: 0.35, paths: uPlot.paths.bars({ size: [1, Infinity], gap: 0 }) }
  }
  return line
}

customElements.define('ddpm-plot', DdpmPlot)
