import type { RGBAPicture } from '../../shared/engine.ts'

type RGB = readonly [number, number, number]
/** The colours 0…1 of the unit square, y downwards: what depends on x alone is worked out once a column. */
type Paint = (x: number) => (y: number) => RGB

export type SampleName = 'hills' | 'spheres' | 'rings'

/** The sample pictures are programs, computed pixel by pixel: nothing to download and no one's copyright. */
export function paint(name: SampleName, size: number): RGBAPicture {
  const program = programs[name]
  const data = new Uint8ClampedArray(size * size * 4)
  for (let column = 0; column < size; column++) {
    const colour = program((column + 0.5) / size)
    for (let row = 0; row < size; row++) {
      const [r, g, b] = colour((row + 0.5) / size)
      const i = (row * size + column) * 4
      data[i] = r * 255
      data[i + 1] = g * 255
      data[i + 2] = b * 255
      data[i + 3] = 255
    }
  }
  return { width: size, height: size, data }
}

const mix = (a: RGB, b: RGB, share: number): RGB => [
  a[0] + (b[0] - a[0]) * share,
  a[1] + (b[1] - a[1]) * share,
  a[2] + (b[2] - a[2]) * share,
]

const smooth = (low: number, high: number, x: number): number => {
  const t = Math.min(1, Math.max(0, (x - low) / (high - low)))
  return t * t * (3 - 2 * t)
}

const near: RGB = [0.07, 0.11, 0.19]
const far: RGB = [0.78, 0.53, 0.5]
const mist: RGB = [0.95, 0.69, 0.56]

/** Ridges before an evening sky: large, smooth shapes, which survive the noise longest. */
const hills: Paint = (x) => {
  const ridges = Array.from({ length: 5 }, (_, layer) => {
    const pace = 2.2 + layer * 1.3
    return (
      0.5 +
      0.1 * layer +
      (0.07 - 0.006 * layer) * Math.sin(pace * x * 2.1 + layer * 2.4) +
      0.03 * Math.sin(pace * x * 5.3 + layer * 1.1) +
      0.008 * Math.sin(pace * x * 17 + layer * 4)
    )
  })
  const rocks = ridges.map((_, layer) => mix(far, near, (layer / 4) ** 0.7))
  return (y) => {
    // The nearest ridge that reaches this high hides all behind it.
    const front = ridges.findLastIndex((ridge) => y > ridge + 0.0015)
    let colour: RGB = front < 0 ? sky(x, y) : near
    for (let layer = Math.max(0, front); layer < ridges.length; layer++) {
      const ridge = ridges[layer] as number
      const haze = mix(rocks[layer] as RGB, mist, 0.3 * (1 - layer / 4) * smooth(0, 0.22, y - ridge))
      colour = mix(colour, haze, smooth(-0.0015, 0.0015, y - ridge))
    }
    return colour
  }
}

function sky(x: number, y: number): RGB {
  const sun = Math.hypot(x - 0.66, y - 0.36)
  const air = mix([0.19, 0.27, 0.47], [0.98, 0.72, 0.5], smooth(-0.05, 0.62, y))
  const glow = mix(air, [1, 0.87, 0.66], 0.75 * Math.exp(-sun * sun * 22))
  return mix(glow, [1, 0.97, 0.88], 1 - smooth(0.085, 0.09, sun))
}

interface Sphere {
  readonly x: number
  readonly y: number
  readonly r: number
  readonly colour: RGB
}

const balls: readonly Sphere[] = [
  { x: 0.34, y: 0.47, r: 0.24, colour: [0.87, 0.3, 0.2] },
  { x: 0.68, y: 0.55, r: 0.16, colour: [0.95, 0.75, 0.25] },
  { x: 0.53, y: 0.73, r: 0.085, colour: [0.16, 0.46, 0.56] },
]

/** Lit balls on a table: soft shading, crisp edges, strong colours. */
const spheres: Paint = (x) => (y) => {
  let colour: RGB =
    y < 0.62
      ? mix([0.8, 0.83, 0.82], [0.9, 0.89, 0.84], y / 0.62)
      : mix([0.72, 0.66, 0.58], [0.86, 0.8, 0.71], (y - 0.62) / 0.38)
  colour = mix(colour, mix(colour, [0.6, 0.57, 0.52], 0.25), smooth(0.03, 0, Math.abs(y - 0.62)))
  for (const ball of balls) {
    const dx = (x - ball.x - ball.r * 0.35) / (ball.r * 1.25)
    const dy = (y - ball.y - ball.r * 0.93) / (ball.r * 0.3)
    colour = mix(colour, [0.3, 0.25, 0.22], 0.62 * smooth(1.1, 0.1, Math.hypot(dx, dy)))
  }
  for (const ball of balls) {
    const nx = (x - ball.x) / ball.r
    const ny = (y - ball.y) / ball.r
    const rim = Math.hypot(nx, ny)
    if (rim > 1.01) continue
    const nz = Math.sqrt(Math.max(0, 1 - nx * nx - ny * ny))
    const light = Math.max(0, -0.48 * nx - 0.62 * ny + 0.62 * nz)
    const bounce = 0.14 * smooth(0.1, 1, ny)
    const shine = Math.max(0, -0.34 * nx - 0.44 * ny + 0.83 * nz) ** 60
    const [r, g, b] = ball.colour
    const shade = 0.16 + 0.9 * light + bounce
    colour = mix(mix([r * shade, g * shade, b * shade], [1, 1, 1], 0.85 * shine), colour, smooth(0.99, 1.01, rim))
  }
  return colour
}

/** Rings that grow finer outwards: fine detail drowns first, and one can see where. */
const rings: Paint = (x) => (y) => {
  const dx = x - 0.5
  const dy = y - 0.5
  const square = dx * dx + dy * dy
  const wave = 0.5 + 0.5 * Math.cos(square * 230)
  const turn = Math.atan2(dy, dx)
  const hue: RGB = [0.55 + 0.4 * Math.cos(turn), 0.5 + 0.35 * Math.cos(turn - 2.1), 0.55 + 0.4 * Math.cos(turn + 2.1)]
  return mix([0.09, 0.1, 0.16], mix(hue, [1, 1, 1], 0.25), wave)
}

const programs: Record<SampleName, Paint> = { hills, spheres, rings }
