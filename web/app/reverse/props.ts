import { integer } from '../state/props.ts'

export const reverse = {
  pixel: integer('pixel', 406, 0, 4095),
} as const
