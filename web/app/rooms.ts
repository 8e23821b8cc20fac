/**
 * The rooms in the order of the story. Each is a custom element `ddpm-<name>`, a `Room`, fetched when it is first
 * entered; its words are `text.<name>`, with `room.name` for the way to it.
 */
export const rooms = [
  room('forward', () => import('./forward/ddpm-forward.ts')),
  room('reverse', () => import('./reverse/ddpm-reverse.ts')),
  room('generate', () => import('./generate/ddpm-generate.ts')),
  room('bound', () => import('./bound/ddpm-bound.ts')),
  room('edit', () => import('./edit/ddpm-edit.ts')),
  room('break', () => import('./break/ddpm-break.ts')),
] as const

export type RoomName = (typeof rooms)[number]['name']
export const roomNames = rooms.map(({ name }) => name)

function room<N extends string>(name: N, load: () => Promise<unknown>) {
  return { name, tag: `ddpm-${name}`, load } as const
}
