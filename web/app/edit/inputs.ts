import { html } from 'lit'
import type { RGBAPicture } from '../../shared/engine.ts'
import { commandOf } from '../generate/command.ts'
import type { Runner } from '../generate/runner.ts'
import { text } from '../messages/index.ts'
import { saveFile } from '../parts/file.ts'
import { png } from '../parts/png.ts'
import type { Source } from './sources.ts'

/** What a run began from: the pictures as the network got them and, where a part was kept, which. */
export interface Inputs {
  readonly kind: 'vary' | 'fill' | 'blend' | 'circle'
  readonly sources: readonly [Source, Source]
  readonly known: Uint8Array
}

const verbs = {
  vary: ['edit img2img', '--in first.png'],
  fill: ['edit inpaint', '--in first.png --mask mask.png'],
  blend: ['edit interpolate', '--in first.png --with second.png'],
  circle: ['edit interpolate', '--in first.png --with second.png --spherical'],
} as const

/** The command line that draws a run's pictures again, from the files of `inputButtons`. */
export function editCommand(runner: Runner, inputs: Inputs | undefined): string {
  if (!inputs) return ''
  const [verb, files] = verbs[inputs.kind]
  return commandOf(verb, runner, `${files} --out grid.png`)
}

/** Saves the files that the command line names. */
export function inputButtons({ kind, sources: [first, second], known }: Inputs) {
  const files: [string, RGBAPicture][] = [['first.png', first.shown]]
  if (kind === 'fill') files.push(['mask.png', maskPicture(known, first.shown)])
  if (kind === 'blend' || kind === 'circle') files.push(['second.png', second.shown])
  return html`
    <div class="inputs">
      <span class="quiet">${text.edit.inputs}</span>
      ${files.map(
        ([name, picture]) =>
          html`<button @click=${() => void png(picture).then((file) => saveFile(file, name))}>${name}</button>`,
      )}
    </div>
  `
}

/** White where to draw, black where the picture is kept. */
function maskPicture(known: Uint8Array, { width, height }: RGBAPicture): RGBAPicture {
  const data = new Uint8ClampedArray(4 * width * height).fill(255)
  for (let i = 0; i < known.length; i++) if (known[i] === 1) data.fill(0, 4 * i, 4 * i + 3)
  return { width, height, data }
}
