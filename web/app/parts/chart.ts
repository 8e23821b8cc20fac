import { css, html, LitElement, type PropertyValues, svg, unsafeCSS } from 'lit'
import uPlot from 'uplot'
import sheet from 'uplot/dist/uPlot.min.css?inline'
import { base } from '../style/base.ts'
import { decimal, figure } from './format.ts'
import { prose, spoken } from './prose.ts'

/** A curve or a cloud of points over the chart's x. */
export interface Line {
  readonly name: string
  /** A custom property of the page's colours, such as '--linear'. */
  readonly colour: string
  readonly values: ArrayLike<number | null>
  readonly dash?: readonly number[]
  /** Dots where the values are, in place of a line. */
  readonly dots?: boolean
  /** The area beneath it, faintly. */
  readonly fill?: boolean
}

/**
 * A chart of lines over one x, by uPlot. Its words for those who do not see it are `text`; a key beneath names the
 * lines, which also differ by dash. Fires `pick` with an x where it is pressed or dragged.
 */
export class DdpmChart extends LitElement {
  static override properties = {
    x: { attribute: false },
    lines: { attribute: false },
    marks: { attribute: false },
    text: { type: String },
    xName: { attribute: false },
    yName: { attribute: false },
    logarithmic: { type: Boolean },
    range: { attribute: false },
    height: { type: Number },
    pickable: { type: Boolean },
  }

  static override styles = [
    unsafeCSS(sheet),
    base,
    css`
      .plot {
        touch-action: pan-y;
      }

      :host([pickable]) .plot {
        cursor: ew-resize;
      }

      .u-legend {
        display: none;
      }

      .key {
        display: flex;
        flex-wrap: wrap;
        gap: 0.125rem 1.25rem;
        margin-top: 0.25rem;
        padding: 0;
        list-style: none;
        color: var(--soft);
        font-size: 0.8125rem;
      }

      .key li {
        display: flex;
        align-items: center;
        gap: 0.5rem;
      }

      .key svg {
        flex: none;
        width: 1.5rem;
        height: 0.5rem;
        overflow: visible;
      }

      .key path,
      .key circle {
        stroke-width: 2;
      }
    `,
  ]

  declare x: ArrayLike<number>
  declare lines: readonly Line[]
  /** Vertical lines at these x. */
  declare marks: readonly number[]
  declare text: string
  declare xName: string
  declare yName: string
  declare logarithmic: boolean
  /** The ends of y; by the values where it is undefined. */
  declare range: readonly [number, number] | undefined
  declare height: number
  declare pickable: boolean

  #plot: uPlot | undefined
  #made = ''
  readonly #size = new ResizeObserver(() => this.#resize())
  readonly #dark = matchMedia('(prefers-color-scheme: dark)')
  readonly #repaint = () => this.#plot?.redraw(false)
  readonly #theme = new MutationObserver(this.#repaint)

  constructor() {
    super()
    this.x = []
    this.lines = []
    this.marks = []
    this.text = ''
    this.xName = ''
    this.yName = ''
    this.logarithmic = false
    this.height = 220
    this.pickable = false
  }

  override connectedCallback() {
    super.connectedCallback()
    this.#dark.addEventListener('change', this.#repaint)
    this.#theme.observe(document.documentElement, { attributeFilter: ['data-theme'] })
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    this.#dark.removeEventListener('change', this.#repaint)
    this.#theme.disconnect()
    this.#size.disconnect()
    this.#plot?.destroy()
    this.#plot = undefined
  }

  protected override render() {
    return html`
      <div
        class="plot"
        role="img"
        aria-label=${spoken(this.text)}
        @pointerdown=${this.#press}
        @pointermove=${this.#drag}
      ></div>
      <ul class="key" aria-hidden="true">
        ${this.lines.map(
          (line) =>
            html`<li>
              <svg viewBox="0 0 24 8">
                ${
                  line.dots
                    ? svg`<circle cx="12" cy="4" r="2.5" style=${`fill:var(${line.colour})`}></circle>`
                    : svg`<path
                        d="M0 4h24"
                        stroke-dasharray=${(line.dash ?? []).join(' ')}
                        style=${`stroke:var(${line.colour});fill:none`}
                      ></path>`
                }
              </svg>
              <span>${prose(line.name)}</span>
            </li>`,
        )}
      </ul>
    `
  }

  protected override updated(_changed: PropertyValues<this>) {
    const place = this.renderRoot.querySelector<HTMLElement>('.plot')
    if (!place) return
    // What uPlot fixes when it is made; the numbers may change as they like.
    const made = JSON.stringify([
      this.lines.map(({ name, colour, dash, dots, fill }) => [name, colour, dash, dots, fill]),
      this.xName,
      this.yName,
      this.logarithmic,
      this.height,
    ])
    const data = [this.x, ...this.lines.map(({ values }) => values)] as unknown as uPlot.AlignedData
    if (this.#plot && made === this.#made) {
      this.#plot.setData(data)
      return
    }
    this.#made = made
    this.#plot?.destroy()
    this.#plot = new uPlot(this.#options(place.clientWidth), data, place)
    this.#size.observe(place)
  }

  #resize(): void {
    const width = this.renderRoot.querySelector('.plot')?.clientWidth ?? 0
    if (this.#plot && width > 0 && width !== this.#plot.width) this.#plot.setSize({ width, height: this.height })
  }

  #options(width: number): uPlot.Options {
    const font = `12px ${this.#colour('--sans')}`
    const axis = (label: string, size: number): uPlot.Axis => ({
      label,
      labelFont: font,
      labelSize: label ? 20 : 0,
      labelGap: 0,
      font,
      size,
      stroke: () => this.#colour('--soft'),
      grid: { stroke: () => this.#colour('--line'), width: 1 },
      ticks: { show: false },
      values: (_: uPlot, splits: number[]) => splits.map((value) => (value === null ? '' : tick(value))),
    })
    return {
      width: Math.max(width, 1),
      height: this.height,
      legend: { show: false },
      cursor: { show: false },
      padding: [8, 20, 0, 0],
      scales: {
        x: { time: false },
        y: {
          distr: this.logarithmic ? 3 : 1,
          range: (_, low, high) => (this.range ? [...this.range] : spread(low, high, this.logarithmic)),
        },
      },
      axes: [axis(this.xName, 28), axis(this.yName, 52)],
      series: [
        {},
        ...this.lines.map((line): uPlot.Series => ({
          label: line.name,
          stroke: () => this.#colour(line.colour),
          width: line.dots ? 0 : 2,
          dash: [...(line.dash ?? [])],
          ...(line.fill ? { fill: () => `color-mix(in srgb, ${this.#colour(line.colour)} 14%, transparent)` } : {}),
          ...(line.dots ? { paths: () => null } : {}),
          points: line.dots
            ? { show: true, size: 5, width: 0, fill: () => this.#colour(line.colour) }
            : { show: false },
        })),
      ],
      hooks: { draw: [(plot) => this.#mark(plot)] },
    }
  }

  #mark(plot: uPlot): void {
    const { ctx, bbox } = plot
    ctx.save()
    ctx.strokeStyle = this.#colour('--ink')
    ctx.lineWidth = devicePixelRatio
    ctx.setLineDash([])
    for (const mark of this.marks) {
      const x = Math.round(plot.valToPos(mark, 'x', true))
      ctx.beginPath()
      ctx.moveTo(x, bbox.top)
      ctx.lineTo(x, bbox.top + bbox.height)
      ctx.stroke()
    }
    ctx.restore()
  }

  /** A colour as the canvas needs it: light-dark() and the like are the style sheet's. */
  #colour(name: string): string {
    const style = getComputedStyle(this)
    if (!name.startsWith('--')) return name
    const probe = this.renderRoot.querySelector<HTMLElement>('.key')
    if (!probe || name === '--sans') return style.getPropertyValue(name)
    probe.style.setProperty('outline-color', `var(${name})`)
    const colour = getComputedStyle(probe).outlineColor
    probe.style.removeProperty('outline-color')
    return colour
  }

  #press(event: PointerEvent): void {
    if (!this.pickable || event.button !== 0) return
    ;(event.currentTarget as Element).setPointerCapture(event.pointerId)
    this.#point(event)
  }

  #drag(event: PointerEvent): void {
    if ((event.currentTarget as Element).hasPointerCapture(event.pointerId)) this.#point(event)
  }

  #point(event: PointerEvent): void {
    const over = this.#plot?.over.getBoundingClientRect()
    if (!this.#plot || !over) return
    const x = Math.min(over.width, Math.max(0, event.clientX - over.left))
    this.dispatchEvent(new CustomEvent('pick', { detail: this.#plot.posToVal(x, 'x') }))
  }
}

/** A number on an axis: short, and a power of ten where it is far from 1. */
function tick(value: number): string {
  const size = Math.abs(value)
  if (size === 0 || (size >= 0.001 && size < 10_000)) return decimal(value)
  return figure(value).replace(/^(−?)1[.,]00 × /, '$1')
}

/** The ends of an axis: a little beyond the values, and 0 where it is near. */
function spread(low: number | null, high: number | null, logarithmic: boolean): [number, number] {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high))
    return logarithmic ? [0.1, 1] : [0, 1]
  if (logarithmic) return [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high))]
  const room = (high - low || Math.abs(high) || 1) * 0.06
  return [low >= 0 && low < 0.5 * high ? 0 : low - room, high + room]
}

customElements.define('ddpm-chart', DdpmChart)
