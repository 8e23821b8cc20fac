import { languageNames } from '../messages/index.ts'
import { roomNames } from '../rooms.ts'
import { choice, list, optional } from './props.ts'

/** What of the page a lecture can leave out. */
export const parts = ['bar', 'opening', 'lead', 'controls', 'save', 'next', 'footer'] as const

/** What the page itself can be told. */
export const page = {
  room: choice('room', roomNames, 'forward'),
  /** '' is the visitor's own, as the browser says it. */
  lang: optional('lang', languageNames),
  /** The rooms that there are; '' is all of them. */
  rooms: list('rooms', roomNames),
  hide: list('hide', parts),
} as const
