import type { Messages } from '../index.ts'
import { common } from './common.ts'
import { forward } from './forward.ts'
import { generate } from './generate.ts'
import { picture } from './picture.ts'
import { save } from './save.ts'

export const ru: Messages = { ...common, forward, generate, picture, save }
