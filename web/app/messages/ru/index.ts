import type { Messages } from '../index.ts'
import { bound } from './bound.ts'
import { broken } from './break.ts'
import { common } from './common.ts'
import { draw } from './draw.ts'
import { edit } from './edit.ts'
import { examples } from './examples.ts'
import { forward } from './forward.ts'
import { generate } from './generate.ts'
import { models } from './models.ts'
import { opening } from './opening.ts'
import { picture } from './picture.ts'
import { reverse } from './reverse.ts'
import { save } from './save.ts'
import { share } from './share.ts'
import { typeset } from './typeset.ts'

export const ru: Messages = typeset({
  ...common,
  bound,
  break: broken,
  draw,
  edit,
  examples,
  forward,
  generate,
  models,
  opening,
  picture,
  reverse,
  save,
  share,
})
