import { common } from './common.ts'
import { forward } from './forward.ts'
import { generate } from './generate.ts'
import { opening } from './opening.ts'
import { picture } from './picture.ts'
import { save } from './save.ts'
import { share } from './share.ts'

/** English: the other languages are of its shape. */
export const en = { ...common, forward, generate, opening, picture, save, share }
