import type { PropertyDeclarations } from 'lit'
import type { ModelInfo } from '../../shared/engine.ts'
import { Room } from '../parts/room.ts'
import { Follow } from '../state/store.ts'
import type { Key, State } from '../state/table.ts'
import type { Frame } from './film.ts'
import { allClasses, fit } from './fit.ts'
import { Runner } from './runner.ts'
import { shownOf } from './shown.ts'

/**
 * A room whose pictures come of a run: the weights are fetched, and the first pictures drawn, when it is first
 * entered; where the visitor moves through history, what the state asks for then.
 */
export abstract class DrawingRoom extends Room {
  static override properties: PropertyDeclarations = { scrubbed: { state: true } }

  /** The step that the visitor went back to; undefined while the latest is shown. */
  declare scrubbed: number | undefined
  declare protected runner: Runner
  #entered = false
  #seen = false

  constructor() {
    super()
    new Follow(this, () => this.store)
    new Follow(this, () => this.engines)
    new Follow(this, () => this.runner)
  }

  /** Runs what the state asks for. */
  protected abstract run(): Promise<void>

  /** Runs what the state asks for, if that has not been done. */
  protected abstract follow(): void

  override connectedCallback() {
    super.connectedCallback()
    this.runner ??= new Runner(this.engines)
    this.store.addEventListener('navigate', this.#navigate)
  }

  override disconnectedCallback() {
    super.disconnectedCallback()
    this.store.removeEventListener('navigate', this.#navigate)
  }

  protected override willUpdate() {
    const back = this.#shown && !this.#seen
    this.#seen = this.#shown
    if (!back) return
    const { model } = this.store.state
    if (!this.#entered) void this.run()
    // Meanwhile another room may have another network.
    else if (!this.runner.busy && this.runner.model && this.runner.model.hash !== model) this.follow()
    this.#entered = true
  }

  /** Fits the state to the network that is there, `more` after that, and tells what a link asked of it in vain. */
  protected fit(model: ModelInfo, more: Partial<State> = {}): void {
    const { patch, faults } = fit(this.store.state, model, (key) => this.store.isGiven(key))
    for (const key of Object.keys(more) as Key[]) {
      const [given, used] = [String(this.store.state[key]), String(more[key])]
      if (given === used) continue
      const wanted = key === 'editClass' ? `none, ${allClasses(model)}` : `1–${model.timesteps}`
      faults.push({ why: 'value', key, given, used, wanted })
    }
    this.store.set({ ...patch, ...more }, 'replace')
    if (faults.length > 0) this.store.setFaults([...this.store.faults, ...faults])
  }

  /**
   * Leaves out what a link gave and only the core could refuse, and tells what it asks for. Says whether there was
   * something of the kind: then it can be run again.
   */
  protected mend(): boolean {
    const { state } = this.runner
    if (state.name !== 'failed' || state.error.kind !== 'invalid') return false
    const { message } = state.error
    const key = (['branch', 'classes'] as const).find((key) => message.includes(key) && this.store.isGiven(key))
    const { model } = this.engines
    if (!key || !model) return false
    const given = this.store.state[key]
    const used = key === 'classes' ? allClasses(model) : ''
    this.store.set({ [key]: used }, 'replace')
    this.store.setFaults([...this.store.faults, { why: 'refused', key, given, used }])
    return true
  }

  /** The frame of a run that is to be seen now. */
  protected frameOf(runner: Runner): Frame | undefined {
    return shownOf(runner, this.scrubbed)
  }

  get #shown(): boolean {
    return this.localName === `ddpm-${this.store.state.room}`
  }

  readonly #navigate = () => {
    if (this.#entered && this.#shown) this.follow()
  }
}
