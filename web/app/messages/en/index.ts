import { common } from './common.ts'
import { forward } from './forward.ts'
import { generate } from './generate.ts'
import { picture } from './picture.ts'
import { save } from './save.ts'

/** English: the other languages are of its shape. */
export const en = { ...common, forward, generate, picture, save }
