import { css, type CSSResult, LitElement, type PropertyDeclarations } from 'lit'
import { base } from '../style/base.ts'
import { faultWords } from './notice.ts'
import { frame } from './turns.ts'
import { Engines } from '../state/engines.ts'
import { Store } from '../state/store.ts'
import { attributeNames, attributesText, type Fault } from '../state/table.ts'

/**
 * A room: an element that shows one part of the story. On the page it is given the page's store and engine before
 * it is connected. Alone on anyone's page it makes its own, and reads its properties from its attributes: those of
 * the table, `<ddpm-forward t="300" show="cosine">`.
 */
export abstract class Room extends LitElement {
  static override properties: PropertyDeclarations = {
    store: { attribute: false },
    engines: { attribute: false },
  }

  /**
   * For every room's `styles`. A room is as wide as it is let: what depends on that asks the container
   * (`@container (min-width: …)`), never the window. `hide` names what a lecture leaves out.
   */
  static roomStyles: CSSResult[] = [
    base,
    css`
      :host {
        container-type: inline-size;
      }

      /* What it is about is read while the rest is laid out. The first formulas take as long as all else. */
      :host([arriving]) > :not(header, ddpm-notice, .formulas) {
        display: none;
      }

      header {
        display: grid;
        gap: 0.5rem;
        margin-bottom: var(--step);
      }

      h1 {
        font-size: clamp(1.75rem, 1.4rem + 1.2vw, 2.5rem);
      }

      .room {
        display: grid;
        grid-template-columns: minmax(0, 1fr);
        gap: calc(var(--step) * 1.5) calc(var(--step) * 2.25);
      }

      :host([hide*='controls']) .controls {
        display: none;
      }

      /* These stand in the room's own elements too. */
      :host([hide*='lead']) {
        --lead: none;
      }

      :host([hide*='save']) {
        --save: none;
      }

      :host([hide*='controls']) .room {
        grid-template-columns: minmax(0, 1fr);
      }
    `,
  ]

  declare store: Store
  declare engines: Engines
  /** Whether it stands by itself, outside of the page of this project. */
  alone = false
  #arrive: () => void = () => undefined
  /** Resolves when all of it is there, not its words alone. */
  readonly arrived = new Promise<void>((resolve) => (this.#arrive = resolve))

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, ...attributeNames]
  }

  override connectedCallback() {
    if (!this.store) {
      this.alone = true
      this.store = new Store(attributesText(this))
      this.engines = new Engines()
      this.#tell()
      // Some only show once the model is there.
      this.store.addEventListener('change', () => this.#tell())
    }
    super.connectedCallback()
    if (this.hasUpdated) return
    this.toggleAttribute('arriving', true)
    void this.updateComplete.then(frame).then(() => {
      this.toggleAttribute('arriving', false)
      this.#arrive()
    })
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    // One that is moved to another place is back before anything else is done.
    if (this.alone) queueMicrotask(() => !this.isConnected && this.engines.rest())
  }

  readonly #told = new Set<Fault>()

  /** What is wrong with the attributes is for who wrote them. */
  #tell(): void {
    for (const fault of this.store.faults) {
      if (!this.#told.has(fault)) console.warn(`<${this.localName}>: ${faultWords(fault)}`)
      this.#told.add(fault)
    }
  }

  override attributeChangedCallback(name: string, before: string | null, now: string | null) {
    super.attributeChangedCallback(name, before, now)
    if (this.alone && this.isConnected && before !== now && attributeNames.includes(name)) {
      this.store.read(attributesText(this))
    }
  }
}
