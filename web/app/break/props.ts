import { mistakes } from '../../shared/engine.ts'
import { integer, list, type Prop } from '../state/props.ts'

const some = list('mistakes', mistakes)

/** Which mistakes are made, with commas between them: '' is none, written "none". */
const made: Prop<string> = {
  ...some,
  initial: 'range',
  parse: (text) => (text === 'none' ? { value: '' } : some.parse(text)),
  format: (value) => value || 'none',
}

export const broken = {
  mistakes: made,
  mistakeSteps: integer('mistakeSteps', 25, 2, 1000),
} as const
