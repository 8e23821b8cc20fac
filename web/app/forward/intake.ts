import type { ReactiveController } from 'lit'

/** What came in: files, or something that holds none. */
export type Intake = { file: File } | { refused: 'link' | 'nothing' }

/**
 * Takes pictures that are dropped anywhere on the window or pasted, for as
 * long as its host is on the page.
 */
export class PictureIntake implements ReactiveController {
  readonly #take: (intake: Intake) => void
  readonly #hover: (over: boolean) => void
  #depth = 0

  constructor(take: (intake: Intake) => void, hover: (over: boolean) => void) {
    this.#take = take
    this.#hover = hover
  }

  hostConnected(): void {
    addEventListener('dragenter', this.#enter)
    addEventListener('dragleave', this.#leave)
    addEventListener('dragover', this.#over)
    addEventListener('drop', this.#drop)
    addEventListener('paste', this.#paste)
  }

  hostDisconnected(): void {
    removeEventListener('dragenter', this.#enter)
    removeEventListener('dragleave', this.#leave)
    removeEventListener('dragover', this.#over)
    removeEventListener('drop', this.#drop)
    removeEventListener('paste', this.#paste)
  }

  readonly #enter = () => this.#hover(++this.#depth > 0)

  readonly #leave = () => {
    this.#depth = Math.max(0, this.#depth - 1)
    if (this.#depth === 0) this.#hover(false)
  }

  // Without this the browser would leave the page and open the file.
  readonly #over = (event: DragEvent) => event.preventDefault()

  readonly #drop = (event: DragEvent) => {
    event.preventDefault()
    this.#depth = 0
    this.#hover(false)
    if (event.dataTransfer) this.#read(event.dataTransfer)
  }

  readonly #paste = (event: ClipboardEvent) => {
    const target = event.composedPath()[0]
    if (target instanceof HTMLInputElement || !event.clipboardData) return
    this.#read(event.clipboardData)
  }

  #read(data: DataTransfer): void {
    const file = [...data.files].find((file) => file.type.startsWith('image/')) ?? data.files[0]
    if (file) this.#take({ file })
    else this.#take({ refused: data.types.includes('text/uri-list') ? 'link' : 'nothing' })
  }
}
