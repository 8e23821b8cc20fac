import type { ReactiveController } from 'lit'

/** What came in: files, or something that holds none. */
export type Intake = { file: File } | { refused: 'link' | 'nothing' }

/**
 * Takes pictures that are pasted, or dropped anywhere on its ground: the whole window on the page, the room's own
 * element where it stands on somebody else's.
 */
export class PictureIntake implements ReactiveController {
  readonly #find: () => EventTarget
  #ground: EventTarget | undefined
  readonly #take: (intake: Intake) => void
  readonly #hover: (over: boolean) => void
  #depth = 0

  constructor(ground: () => EventTarget, take: (intake: Intake) => void, hover: (over: boolean) => void) {
    this.#find = ground
    this.#take = take
    this.#hover = hover
  }

  hostConnected(): void {
    this.#ground = this.#find()
    for (const [type, listener] of this.#listeners()) this.#ground.addEventListener(type, listener)
  }

  hostDisconnected(): void {
    for (const [type, listener] of this.#listeners()) this.#ground?.removeEventListener(type, listener)
  }

  #listeners(): readonly (readonly [string, EventListener])[] {
    return [
      ['dragenter', this.#enter],
      ['dragleave', this.#leave],
      ['dragover', this.#over as EventListener],
      ['drop', this.#drop as EventListener],
      ['paste', this.#paste as EventListener],
    ]
  }

  readonly #enter = () => this.#hover(++this.#depth > 0)

  readonly #leave = () => {
    this.#depth = Math.max(0, this.#depth - 1)
    if (this.#depth === 0) this.#hover(false)
  }

  // Without this the browser would leave the page and open the file.
  readonly #over = (event: DragEvent) => event.preventDefault()

  readonly #drop = (event: DragEvent) => {
    this.#depth = 0
    this.#hover(false)
    if (isField(event)) return // a room's own field, which takes it
    event.preventDefault()
    if (event.dataTransfer) this.#read(event.dataTransfer)
  }

  readonly #paste = (event: ClipboardEvent) => {
    if (isField(event) || !event.clipboardData) return
    this.#read(event.clipboardData)
  }

  #read(data: DataTransfer): void {
    const file = [...data.files].find((file) => file.type.startsWith('image/')) ?? data.files[0]
    if (file) this.#take({ file })
    else this.#take({ refused: data.types.includes('text/uri-list') ? 'link' : 'nothing' })
  }
}

function isField(event: Event): boolean {
  return event.composedPath()[0] instanceof HTMLInputElement
}
