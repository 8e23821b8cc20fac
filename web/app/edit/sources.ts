import type { Pictures, RGBAPicture, Values } from '../../shared/engine.ts'
import { rgba } from '../../shared/pictures.ts'
import type { LoadedEngine } from '../state/engines.ts'

/** A picture that edits begin from, as it came in and as the model has it. */
export interface Source {
  /** What the visitor gave; undefined where the network drew it. */
  readonly own: { readonly picture: RGBAPicture; readonly drawn: boolean } | undefined
  readonly values: Values
  readonly shown: RGBAPicture
}

/** Of the two pictures that the network draws where the visitor gives none: few steps will do. */
const recipe = 'sampler=dpmpp&steps=12&seed=11&count=2'

/** The first picture and the second, for the model that is loaded. */
export class Sources extends EventTarget {
  #model = ''
  #both: readonly [Source, Source] | undefined
  readonly #given: [Source['own'], Source['own']] = [undefined, undefined]

  get both(): readonly [Source, Source] | undefined {
    return this.#both
  }

  /** Takes a picture of the visitor's in place of the first or the second. */
  give(which: 0 | 1, picture: RGBAPicture, drawn: boolean): void {
    this.#given[which] = { picture, drawn }
    this.#both = undefined
  }

  /** Forgets how the pictures were placed. */
  replace(): void {
    this.#both = undefined
  }

  /** Both, as the model has them. `place` is whether drawings are placed as MNIST's digits are. */
  async of(engine: LoadedEngine, place: boolean, signal: AbortSignal): Promise<readonly [Source, Source]> {
    const { hash } = engine.model
    if (this.#both && this.#model === hash) return this.#both
    const made = this.#given.every((own) => own) ? undefined : await examples(engine, signal)
    const one = async (i: 0 | 1): Promise<Source> => {
      const own = this.#given[i]
      const picture = own?.picture ?? rgba(made as Pictures, i)
      // A picture has whole levels, so that it can be saved and given to the command line as it is here.
      const shown = shownOf(await engine.fit(picture, own !== undefined && place), engine.model)
      return { own, values: await engine.fit(shown, false), shown }
    }
    const both = [await one(0), await one(1)] as const
    signal.throwIfAborted()
    this.#both = both
    this.#model = hash
    this.dispatchEvent(new Event('change'))
    return both
  }
}

async function examples(engine: LoadedEngine, signal: AbortSignal): Promise<Pictures> {
  const classes = engine.model.classes.length
  const two = classes > 8 ? '3,8' : classes > 1 ? '0,1' : 'none'
  let last: Pictures | undefined
  for await (const { pictures } of engine.run(`${recipe}&classes=${two}`, { signal, planes: ['x'] })) last = pictures.x
  if (!last) throw new Error('the network drew no pictures to begin with')
  return last
}

/** Values as a picture: [−1, 1] is black to white. */
function shownOf(values: Values, { imageSize, channels }: { imageSize: number; channels: number }): RGBAPicture {
  const bytes = Uint8Array.from(values, (v) => Math.min(255, Math.max(0, Math.round((v + 1) * 127.5))))
  return rgba({ count: 1, width: imageSize, height: imageSize, channels, bytes }, 0)
}
