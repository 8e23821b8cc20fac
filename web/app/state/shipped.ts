/** A checkpoint that the page was built with. */
export interface Shipped {
  /** Its name in weights/. */
  readonly file: string
  /** First 12 hex digits of its SHA-256: how a recipe names it. */
  readonly hash: string
  readonly name: string
  readonly bytes: number
  /** Pixels of a picture's side. */
  readonly size: number
  readonly channels: number
  /** What is usual for it, as text; empty where its file says nothing. */
  readonly recipe: string
  readonly url: string
}
