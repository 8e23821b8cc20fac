import { LitElement, html, nothing } from 'lit'
import type { ModelInfo } from '../../shared/engine.ts'
import { text } from '../messages/index.ts'
import { chooseModel } from '../parts/choose.ts'
import { className } from '../parts/class-name.ts'
import { fixed } from '../parts/format.ts'
import { prose } from '../parts/prose.ts'
import { hasEta, type Spacing, spacingOf, spacingText } from '../state/recipe.ts'
import { type State, table } from '../state/table.ts'
import type { Engines } from '../state/engines.ts'
import { allClasses, isDigits } from './fit.ts'
import { styles } from './settings-styles.ts'

type FieldKey = 'count' | 'steps' | 'guidance' | 'seed' | 'interval'

/** The t of a run's last step, from 1 below the chain's T; '' is the spacing's own. */
const end = /^([1-9]\d{0,4})?$/

/** The recipe's controls. Fires `choose` with a patch of the state, `model` with the hash of another, and `start`. */
export class DdpmSettings extends LitElement {
  static override properties = {
    recipe: { attribute: false },
    model: { attribute: false },
    engines: { attribute: false },
    wanted: { state: true },
  }
  static override styles = styles

  declare recipe: Readonly<State>
  declare model: ModelInfo | undefined
  declare engines: Engines
  /** What would have been valid, for fields whose last entry was not. */
  declare wanted: Partial<Record<FieldKey | 'end', string | undefined>>

  constructor() {
    super()
    this.wanted = {}
  }

  protected override render() {
    return html`
      ${chooseModel(this.engines, this.recipe.model, (hash) => this.dispatchEvent(new CustomEvent('model', { detail: hash })))}
      ${this.#classes()}
      <div class="pair">
        ${this.#field('count', text.generate.count, '1')} ${this.#field('steps', text.generate.steps, '1')}
      </div>
      ${this.#sampler()} ${this.#compare()}
      <div class="pair">
        ${this.#field('guidance', text.generate.guidance, '0.5', text.generate.guidanceNote(isDigits(this.model)))}
        ${this.#field('seed', text.generate.seed, '1')}
      </div>
      ${this.#more()}
    `
  }

  #classList(words: readonly [string, string][], chosen: string) {
    return html`
      <div class="classes">
        <label class="label" for="classes">${text.generate.classesOther}</label>
        <select
          id="classes"
          class="field"
          @change=${(event: Event) => this.#choose({ classes: (event.target as HTMLSelectElement).value })}
        >
          ${words.map(([value, label]) => html`<option value=${value} ?selected=${value === chosen}>${label}</option>`)}
        </select>
      </div>
    `
  }

  #classes() {
    const { model, recipe } = this
    const labels = model?.classes ?? Array.from({ length: 10 }, (_, digit) => String(digit))
    const all = model ? allClasses(model) : '0-9'
    const digits = isDigits(model)
    const chosen = recipe.classes || all
    const words = [
      ...(labels.length > 0 ? [[all, text.generate.inTurn]] : []),
      ...labels.map((label, index) => [String(index), className(label)]),
      ['none', text.generate.anyClass],
    ] as [string, string][]
    if (!words.some(([value]) => value === chosen)) words.push([chosen, text.generate.linkClasses(chosen)])
    // Long names side by side would be a wall.
    if (labels.some((label) => label.length > 16)) return this.#classList(words, chosen)
    return html`
      <fieldset class="classes">
        <legend class="label">${digits ? text.generate.classes : text.generate.classesOther}</legend>
        <div class=${digits ? 'chips digits' : 'chips'}>
          ${words.map(
            ([value, label]) => html`
              <label>
                <input
                  type="radio"
                  name="classes"
                  value=${value}
                  .checked=${value === chosen}
                  @change=${() => this.#choose({ classes: value })}
                />
                <span>${label}</span>
              </label>
            `,
          )}
        </div>
      </fieldset>
    `
  }

  #field(key: FieldKey, label: string, step: string, note?: string) {
    const wanted = this.wanted[key]
    const hint = wanted ?? note
    const told = wanted && key !== 'interval' ? text.generate.range(wanted) : note
    return html`
      <div>
        <label class="label" for=${key}>${label}</label>
        <input
          id=${key}
          class="field"
          inputmode=${step === '' ? 'text' : step === '1' ? 'numeric' : 'decimal'}
          autocomplete="off"
          spellcheck="false"
          .value=${String(this.recipe[key])}
          aria-describedby=${hint ? `${key}-hint` : nothing}
          aria-invalid=${wanted ? 'true' : nothing}
          @change=${this.#enter}
          @keydown=${(event: KeyboardEvent) => this.#key(event, key, Number(step))}
        />
        ${hint ? html`<p id="${key}-hint" class=${wanted ? 'hint wrong' : 'hint'}>${told}</p>` : nothing}
        ${key === 'seed' ? html`<button class="plain" @click=${this.#newSeed}>${text.generate.newSeed}</button>` : nothing}
      </div>
    `
  }

  #sampler() {
    const { sampler, eta } = this.recipe
    return html`
      <fieldset>
        <legend class="label">${text.generate.sampler}</legend>
        ${this.#segments(
          'sampler',
          sampler,
          [
            ['ddim', text.generate.samplers.ddim],
            ['ddpm', text.generate.samplers.ddpm],
            ['dpmpp', text.generate.samplers.dpmpp],
            ['unipc', text.generate.samplers.unipc],
          ],
          (sampler) => ({ sampler }),
        )}
        <p class="hint">${text.generate.samplerNotes[sampler]}</p>
        ${
          hasEta(sampler)
            ? html`<div class="eta">
                <label class="label" for="eta">${text.generate.eta}</label>
                <input
                  id="eta"
                  type="range"
                  min="0"
                  max="1"
                  step="0.05"
                  .value=${String(eta)}
                  @change=${(event: Event) => this.#choose({ eta: Number((event.target as HTMLInputElement).value) })}
                />
                <output for="eta" aria-hidden="true">${fixed(eta, 2)}</output>
              </div>`
            : nothing
        }
      </fieldset>
    `
  }

  /** The other sampler that draws from the same noise. */
  #compare() {
    const { sampler, compare } = this.recipe
    const names = text.generate.samplers
    return html`
      <div>
        <label class="label" for="compare">${text.generate.compare}</label>
        <select
          id="compare"
          class="field"
          @change=${(event: Event) =>
            this.#choose({ compare: (event.target as HTMLSelectElement).value as State['compare'] })}
        >
          <option value="" ?selected=${compare === ''}>${text.generate.compareNone}</option>
          ${(Object.keys(names) as (keyof typeof names)[])
            .filter((name) => name !== sampler || name === compare)
            .map((name) => html`<option value=${name} ?selected=${name === compare}>${names[name]}</option>`)}
        </select>
      </div>
    `
  }

  #more() {
    const { sampler, variance, clip } = this.recipe
    const spacing = spacingOf(this.recipe.spacing)
    return html`
      <details>
        <summary>${text.generate.more}</summary>
        <fieldset>
          <legend class="label">${text.generate.spacing}</legend>
          ${this.#segments(
            'spacing',
            spacing.way,
            [
              ['uniform', text.generate.spacings.uniform],
              ['quadratic', text.generate.spacings.quadratic],
              ['logsnr', text.generate.spacings.logsnr],
            ],
            (way) => ({ spacing: spacingText({ ...spacing, way }) }),
          )}
        </fieldset>
        ${this.#end(spacing)}
        ${
          sampler === 'ddpm'
            ? html`<fieldset>
                <legend class="label">${text.generate.variance}</legend>
                ${this.#segments(
                  'variance',
                  variance,
                  [
                    ['beta_tilde', text.generate.variances.beta_tilde],
                    ['beta', text.generate.variances.beta],
                    ...(variance in text.generate.variances ? [] : [[variance, variance] as const]),
                  ],
                  (variance) => ({ variance }),
                )}
              </fieldset>`
            : nothing
        }
        ${this.#field('interval', text.generate.interval, '', text.generate.intervalNote)}
        <label class="check">
          <input
            type="checkbox"
            .checked=${clip}
            @change=${(event: Event) => this.#choose({ clip: (event.target as HTMLInputElement).checked })}
          />
          <span>${prose(text.generate.clip)}</span>
        </label>
      </details>
    `
  }

  #end(spacing: Spacing) {
    const { wanted } = this
    const told = wanted.end ? text.generate.range(wanted.end) : text.generate.endNote
    const enter = (event: Event) => {
      const input = event.target as HTMLInputElement
      const most = (this.model?.timesteps ?? 1000) - 1
      const valid = end.test(input.value.trim()) && Number(input.value) <= most
      this.wanted = { ...this.wanted, end: valid ? undefined : `1–${most}` }
      if (valid) this.#choose({ spacing: spacingText({ ...spacing, end: input.value.trim() }) })
      else input.value = spacing.end
    }
    return html`
      <div>
        <label class="label" for="end">${text.generate.end}</label>
        <input
          id="end"
          class="field"
          inputmode="numeric"
          autocomplete="off"
          .value=${spacing.end}
          aria-describedby="end-hint"
          aria-invalid=${wanted.end ? 'true' : nothing}
          @change=${enter}
          @keydown=${(event: KeyboardEvent) => {
            if (event.key !== 'Enter') return
            enter(event)
            this.dispatchEvent(new Event('start'))
          }}
        />
        <p id="end-hint" class=${wanted.end ? 'hint wrong' : 'hint'}>${told}</p>
      </div>
    `
  }

  #segments<V extends string>(
    name: string,
    chosen: V,
    words: readonly (readonly [V, string])[],
    patch: (value: V) => Partial<State>,
  ) {
    return html`
      <div class="segments">
        ${words.map(
          ([value, label]) => html`
            <label>
              <input
                type="radio"
                name=${name}
                value=${value}
                .checked=${value === chosen}
                @change=${() => this.#choose(patch(value))}
              />
              <span>${label}</span>
            </label>
          `,
        )}
      </div>
    `
  }

  #enter(event: Event): void {
    const input = event.target as HTMLInputElement
    const key = input.id as FieldKey
    const { value, wanted } = table[key].parse(input.value.trim().replace(',', '.'))
    this.wanted = { ...this.wanted, [key]: wanted }
    input.value = String(value)
    this.#choose({ [key]: value })
  }

  /** Enter starts a run. Up and down count, as in a number field; a text field leaves the wheel alone and takes 64-bit seeds. */
  #key(event: KeyboardEvent, key: FieldKey, step: number): void {
    if (event.key === 'Enter') {
      this.#enter(event)
      this.dispatchEvent(new Event('start'))
    }
    if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return
    if (key === 'seed' || key === 'interval') return
    event.preventDefault()
    const up = event.key === 'ArrowUp' ? step : -step
    const { value } = table[key].parse(String(this.recipe[key] + up))
    this.wanted = { ...this.wanted, [key]: undefined }
    this.#choose({ [key]: value })
  }

  #newSeed(): void {
    const [drawn] = crypto.getRandomValues(new Uint32Array(1))
    this.wanted = { ...this.wanted, seed: undefined }
    this.#choose({ seed: String((drawn ?? 0) % 1_000_000) })
  }

  #choose(patch: Partial<State>): void {
    this.dispatchEvent(new CustomEvent('choose', { detail: patch }))
  }
}

customElements.define('ddpm-settings', DdpmSettings)
