import { languageNames } from '../messages/index.ts'
import { roomNames } from '../rooms.ts'
import { choice, optional } from './props.ts'

/** What the page itself can be told: the room that is shown, and its language. */
export const page = {
  room: choice('room', roomNames, 'forward'),
  /** '' is the visitor's own, as the browser says it. */
  lang: optional('lang', languageNames),
} as const
