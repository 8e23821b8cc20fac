/** What a page tells the service worker once it stands: its version, and the addresses of all that it has loaded. */
export interface Loaded {
  readonly version: string
  readonly used: readonly string[]
}
