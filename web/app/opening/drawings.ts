import { svg, type SVGTemplateResult } from 'lit'

/** The side of a drawn pixel, and of the picture in pixels. */
const cell = 4
const side = 8

/** A three, as dark as it is written. */
const three = ['..3883..', '.8933983', '......88', '...5886.', '....3697', '.......8', '.7833788', '..48873.'].map(
  (row) => [...row].map((level) => (level === '.' ? 0 : Number(level) / 9)),
)

/** Levels that stand for noise: drawn once, so that the drawing is the same for everyone. */
const noise = [0.3, 0.8, 0.1, 0.6, 0.9, 0.2, 0.5, 0.7, 0.4, 0.15, 0.65, 0.85, 0.35, 0.75, 0.05, 0.55, 0.95, 0.25, 0.45]

type Level = (x: number, y: number) => number

const picture: Level = (x, y) => three[y]?.[x] ?? 0
const noisy: Level = (x, y) => noise[(x * 7 + y * 11 + x * y) % noise.length] ?? 0
/** What lies between the two, as a drawing: not what a network would give. */
const between =
  (share: number): Level =>
  (x, y) =>
    share * picture(x, y) + (1 - share) * noisy(x, y)
const soft: Level = (x, y) => {
  let sum = 0
  for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) sum += picture(x + dx, y + dy)
  return sum / 9
}

function tile(left: number, top: number, level: Level, shown = side * side): SVGTemplateResult {
  const cells = Array.from({ length: shown }, (_, i) => [i % side, Math.floor(i / side)] as const)
  return svg`
    <g transform="translate(${left} ${top})">
      <rect class="frame" width=${side * cell} height=${side * cell}></rect>
      ${cells.map(([x, y]) => {
        const dark = level(x, y)
        return dark < 0.04
          ? svg``
          : svg`<rect x=${x * cell} y=${y * cell} width=${cell} height=${cell} opacity=${dark.toFixed(2)}></rect>`
      })}
    </g>
  `
}

/** A column of numbers, such as a code or the noise that a network begins with. */
function code(left: number, top: number, levels: readonly number[]): SVGTemplateResult {
  return svg`
    <g transform="translate(${left} ${top})">
      <rect class="frame" width=${cell} height=${levels.length * cell}></rect>
      ${levels.map((level, i) => svg`<rect y=${i * cell} width=${cell} height=${cell} opacity=${level}></rect>`)}
    </g>
  `
}

function arrow(from: number, to: number, y: number, look = ''): SVGTemplateResult {
  const head = from < to ? -4 : 4
  return svg`
    <path class="arrow ${look}" d="M${from} ${y}H${to}"></path>
    <path class="arrow" d="M${to + head} ${y - 3}L${to} ${y}L${to + head} ${y + 3}"></path>
  `
}

const top = 10

/** A draw of numbers, one leap to a picture, and a judge who is to be fooled. */
export const gan = svg`
  ${code(2, top, noise.slice(0, 8))} ${arrow(12, 44, top + 16)} ${tile(52, top, picture)}
  ${arrow(90, 116, top + 16, 'soft')}
  <circle class="arrow" cx="133" cy=${top + 16} r="12"></circle>
  <text x="133" y=${top + 21} text-anchor="middle">?</text>
`

/** A picture, its short code, and the picture that is made of it. */
export const vae = svg`
  ${tile(2, top, picture)} ${arrow(40, 70, top + 16)} ${code(78, top + 8, noise.slice(3, 7))}
  ${arrow(88, 118, top + 16)} ${tile(126, top, soft)}
`

const drawn = 28

/** A picture that is being written: one pixel after the other. */
export const autoregressive = svg`
  ${[
    [2, 12],
    [64, drawn],
    [126, side * side],
  ].map(([left = 0, count = 0]) => tile(left, top, picture, count))}
  ${arrow(40, 58, top + 16)} ${arrow(102, 120, top + 16)}
  <rect
    class="now"
    x=${64 + (drawn % side) * cell}
    y=${top + Math.floor(drawn / side) * cell}
    width=${cell}
    height=${cell}
  ></rect>
`

/** Noise and picture with steps between them, both ways. */
export const diffusion = svg`
  ${[0, 0.35, 0.7, 1].map((share, i) => tile(2 + i * 41.33, top, between(share)))}
  ${arrow(156, 4, 5, 'soft')} ${arrow(4, 156, top + 40)}
`
