/** A browser that playwright does not drive as it is installed: what a test of the page needs of it. */
export interface Foreign {
  goto(url: string): Promise<void>
  /**
   * What a function's body gives in the page; it may await. `all(selector)` finds what is shown, in shadow roots too,
   * and `one(selector)` the first of them.
   */
  ask<T>(body: string): Promise<T>
  /** What the page has complained of on its console. */
  complaints(): Promise<readonly string[]>
  close(): Promise<void>
}

/** The body as an expression: a promise of its result as JSON. */
export function asked(body: string): string {
  return `(async () => {
    const within = (root, selector) => [
      ...root.querySelectorAll(selector),
      ...[...root.querySelectorAll('*')].flatMap((e) => (e.shadowRoot ? within(e.shadowRoot, selector) : [])),
    ]
    const all = (selector) => within(document, selector).filter((e) => e.getClientRects().length > 0)
    const one = (selector) => all(selector)[0]
    return JSON.stringify((await (async () => {${body}})()) ?? null)
  })()`
}
