import { css, html, LitElement, nothing, type PropertyValues, svg, unsafeCSS } from 'lit'
import type uPlot from 'uplot'
import sheet from 'uplot/dist/uPlot.min.css?inline'
import { text } from '../messages/index.ts'
import { base } from '../style/base.ts'
import { watchTheme } from '../style/scheme.ts'
import { power, ticks } from './format.ts'
import { fetchPlotter, plotter } from './plot.ts'
import { prose, spoken } from './prose.ts'
import { painted, turn } from './turns.ts'

/** A curve, a cloud of points or the bars of a histogram, over the chart's x. */
export interface Line {
  /** What the key beneath calls it; it is not in the key without. */
  readonly name?: string
  /** One of the page's colours, by its custom property. */
  readonly colour: `--${string}`
  /** null where there is none. */
  readonly values: ArrayLike<number | null>
  /** Default: a line. */
  readonly shape?: 'line' | 'dots' | 'bars'
  readonly dash?: readonly number[]
  /** The area beneath it, faintly. */
  readonly fill?: boolean
}

/** Where the axes leave room, in pixels where letters have their usual size; a name of an axis takes more. */
const frame = { top: 8, right: 18, bottom: 26, left: 42, name: 20 }

function rem(pixels: number) {
  return unsafeCSS(`${pixels / 16}rem`)
}

/**
 * Lines over a common x, drawn by uPlot in the page's colours and language, as high as `--chart-height`. `at` is where
 * its cursor stands: the chart can be grabbed there, and fires `pick` with the x that the hand points at. What is put
 * into it lies over the curves' ground and may place itself in percent. Those who do not see it are told its `text`;
 * a key beneath names the lines, which differ by dash as well.
 */
export class DdpmChart extends LitElement {
  static override properties = {
    x: { attribute: false },
    lines: { attribute: false },
    ends: { attribute: false },
    range: { attribute: false },
    log: { type: Boolean },
    at: { type: Number },
    text: { type: String },
    xName: { attribute: false },
    yName: { attribute: false },
  }

  static override styles = [
    unsafeCSS(sheet),
    base,
    css`
      :host {
        min-width: 0;
      }

      .plot {
        position: relative;
        height: var(--chart-height, 14rem);
      }

      .drawing {
        position: absolute;
        inset: 0;
      }

      .area {
        position: absolute;
        inset: ${rem(frame.top)} ${rem(frame.right)} ${rem(frame.bottom)} ${rem(frame.left)};
      }

      .area.x-named {
        bottom: ${rem(frame.bottom + frame.name)};
      }

      .area.y-named {
        left: ${rem(frame.left + frame.name)};
      }

      .area.live {
        cursor: ew-resize;
        touch-action: pan-y;
      }

      .u-hz .u-cursor-x {
        border-right: 1px solid var(--ink);
      }

      .key {
        display: flex;
        flex-wrap: wrap;
        gap: 0.125rem 1.25rem;
        margin: 0.25rem 0 0;
        padding-inline-start: ${rem(frame.left)};
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
        fill: none;
        stroke-width: 2;
      }
    `,
  ]

  declare x: ArrayLike<number>
  declare lines: readonly Line[]
  /** Least and greatest x; those of the values where it is undefined. */
  declare ends: readonly [number, number] | undefined
  /** Least and greatest y; by the values where it is undefined. */
  declare range: readonly [number, number] | undefined
  /** Whether y is logarithmic. */
  declare log: boolean
  declare at: number | undefined
  declare text: string
  declare xName: string
  declare yName: string

  #begun = false
  #plot: uPlot | undefined
  /** What the plot was built for; data and cursor may change without. */
  #built = ''
  /** Its size, from the observer: to ask for it while rendering would lay out the page once more. */
  #size = { width: 0, height: 0 }
  /** How large the page's letters are beside the usual: they are larger on a projector, or where a visitor wants it. */
  #scale = 1
  readonly #resized = new ResizeObserver(([entry]) => {
    const { width, height } = entry?.contentRect ?? this.#size
    this.#size = { width, height }
    const scale = parseFloat(getComputedStyle(document.documentElement).fontSize) / 16
    if (scale !== this.#scale) this.requestUpdate()
    this.#scale = scale
    this.#fit()
  })
  #unwatch: (() => void) | undefined

  constructor() {
    super()
    this.x = []
    this.lines = []
    this.log = false
    this.text = ''
    this.xName = ''
    this.yName = ''
  }

  override connectedCallback() {
    super.connectedCallback()
    if (this.hasUpdated) this.#resized.observe(this.#ground)
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
    const area = ['area', this.at !== undefined && 'live', this.xName && 'x-named', this.yName && 'y-named']
    const named = this.lines.filter(({ name }) => name)
    return html`
      <div class="plot">
        <div class="drawing" role="img" aria-label=${spoken(this.text)}></div>
        <div class=${area.filter(Boolean).join(' ')} @pointerdown=${this.#grab} @pointermove=${this.#drag}>
          <slot></slot>
        </div>
      </div>
      ${
        named.length === 0
          ? nothing
          : html`<ul class="key" aria-hidden="true">
              ${named.map(entry)}
            </ul>`
      }
    `
  }

  protected override firstUpdated() {
    this.#resized.observe(this.#ground)
    void painted().then(fetchPlotter)
  }

  protected override updated(changed: PropertyValues<this>) {
    if (this.#size.width === 0 || this.x.length === 0) return
    const Plot = plotter()
    // The first plot takes long enough for a task of its own.
    if (!Plot || !this.#begun) {
      this.#begun = true
      void fetchPlotter()
        .then(turn)
        .then(() => plotter() && this.requestUpdate())
      return
    }
    const form = JSON.stringify([
      this.lines.map(({ colour, shape, dash, fill }) => [colour, shape, dash, fill]),
      this.log,
      this.xName,
      this.yName,
      text.locale,
      this.#scale,
    ])
    if (form !== this.#built) {
      this.#plot?.destroy()
      this.#plot = this.#build(Plot)
      this.#built = form
    } else if (changed.has('lines') || changed.has('x') || changed.has('ends') || changed.has('range')) {
      this.#plot?.setData(this.#data)
    }
    this.#point()
  }

  get #ground(): HTMLElement {
    return this.renderRoot.querySelector<HTMLElement>('.drawing') as HTMLElement
  }

  get #data(): uPlot.AlignedData {
    return [this.x, ...this.lines.map(({ values }) => values)] as uPlot.AlignedData
  }

  #build(Plot: typeof uPlot): uPlot {
    const style = getComputedStyle(this)
    const ground = this.#ground
    const colour = (name: string) => {
      ground.style.color = `var(${name})`
      return getComputedStyle(ground).color
    }
    const scale = this.#scale
    const font = `${12 * scale}px ${style.getPropertyValue('--sans')}`
    const axis = (label: string): uPlot.Axis => ({
      stroke: colour('--soft'),
      font,
      grid: { stroke: colour('--line'), width: 1 },
      ticks: { show: false },
      gap: 6 * scale,
      ...(label ? { label, labelFont: font, labelSize: frame.name * scale, labelGap: 0 } : {}),
    })
    const off = () => null
    return new Plot(
      {
        ...this.#size,
        padding: [frame.top * scale, frame.right * scale, 0, 0],
        legend: { show: false },
        cursor: {
          show: this.at !== undefined,
          y: false,
          points: { show: false },
          drag: { x: false, y: false },
          // Hands are followed by the area above, which knows of touch.
          bind: {
            mousedown: off, mouseup: off, click: off, dblclick: off, mousemove: off, mouseleave: off, mouseenter: off,
          }, // prettier-ignore
        },
        scales: {
          x: { time: false, range: (_, low, high) => (this.ends ? [...this.ends] : [low, high]) },
          y: {
            range: (_, low, high) => (this.range ? [...this.range] : spread(low, high, this.log)),
            distr: this.log ? 3 : 1,
          },
        },
        axes: [
          { ...axis(this.xName), size: frame.bottom * scale, space: 60 * scale, values: (_, splits) => ticks(splits) },
          {
            ...axis(this.yName),
            size: frame.left * scale,
            space: 28 * scale,
            ...(this.log
              ? {
                  splits: (_: uPlot, _axis: number, low: number, high: number) => decades(low, high),
                  filter: (_: uPlot, splits: number[]) => splits,
                }
              : {}),
            values: (_, splits) =>
              this.log ? splits.map((y: number) => power(Math.round(Math.log10(y)))) : ticks(splits),
          },
        ],
        series: [{}, ...this.lines.map((line) => series(line, colour(line.colour)))],
      },
      this.#data,
      ground,
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
    const [first = 0, last = 1] = this.ends ?? [this.x[0], this.x[this.x.length - 1]]
    this.dispatchEvent(new CustomEvent('pick', { detail: first + share * (last - first) }))
  }
}

/** A line's place in the key, with a bit of it. */
function entry({ name = '', colour, shape, dash }: Line) {
  const own = `var(${colour})`
  const bit =
    shape === 'dots'
      ? svg`<circle cx="12" cy="4" r="2.5" style=${`fill:${own}`}></circle>`
      : shape === 'bars'
        ? svg`<path d="M0 0h24v8h-24z" style=${`fill:${own};opacity:0.35`}></path>`
        : svg`<path d="M0 4h24" stroke-dasharray=${(dash ?? []).join(' ')} style=${`stroke:${own}`}></path>`
  return html`<li><svg viewBox="0 0 24 8">${bit}</svg><span>${prose(name)}</span></li>`
}

function series({ name, shape, dash, fill }: Line, colour: string): uPlot.Series {
  const line: uPlot.Series = { label: name ?? '', stroke: colour, width: 2, points: { show: false } }
  if (dash) line.dash = dash.map((length) => length * devicePixelRatio)
  if (fill) line.fill = `color-mix(in srgb, ${colour} 14%, transparent)`
  if (shape === 'dots') {
    return { ...line, width: 0, paths: () => null, points: { show: true, size: 5, width: 0, fill: colour } }
  }
  const paths = plotter()?.paths
  if (shape === 'bars' && paths?.bars) {
    return { ...line, width: 0, fill: colour, alpha: 0.35, paths: paths.bars({ size: [1, Infinity], gap: 0 }) }
  }
  return line
}

/** The powers of ten within a range, from its end; every second where there are many. */
function decades(low: number, high: number): number[] {
  const [first, last] = [Math.ceil(Math.log10(low)), Math.floor(Math.log10(high))]
  const found: number[] = []
  for (let exponent = last; exponent >= first; exponent -= last - first > 4 ? 2 : 1) found.unshift(10 ** exponent)
  return found
}

/** The ends of y for values from low to high: a little beyond them, and 0 where it is near. */
function spread(low: number | null, high: number | null, log: boolean): [number, number] {
  if (low === null || high === null || !Number.isFinite(low) || !Number.isFinite(high)) return log ? [0.1, 1] : [0, 1]
  if (log) return [10 ** Math.floor(Math.log10(low)), 10 ** Math.ceil(Math.log10(high))]
  const room = (high - low || Math.abs(high) || 1) * 0.06
  return [low >= 0 && low < 0.5 * high ? 0 : low - room, high + room]
}

customElements.define('ddpm-chart', DdpmChart)
