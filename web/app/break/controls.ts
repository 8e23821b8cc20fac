import { html } from 'lit'
import { type Mistake, mistakes } from '../../shared/engine.ts'
import { text } from '../messages/index.ts'
import { chooseModel } from '../parts/choose.ts'
import { fixed, whole } from '../parts/format.ts'
import { prose } from '../parts/prose.ts'
import type { Engines } from '../state/engines.ts'
import type { State } from '../state/table.ts'

/** How many steps a visitor can choose from; a link can say any. */
const stepChoices = [10, 25, 100, 400]

/** The mistakes, any of which can be made. */
export function mistakeChoices(made: readonly Mistake[], toggle: (mistake: Mistake) => void) {
  return html`
    <fieldset class="controls mistakes">
      <legend class="label">${text.break.choose}</legend>
      ${mistakes.map(
        (mistake) => html`
          <label class="check">
            <input
              type="checkbox"
              name=${mistake}
              .checked=${made.includes(mistake)}
              @change=${() => toggle(mistake)}
            />
            <span>${prose(text.break.mistakes[mistake].name)}</span>
          </label>
        `,
      )}
    </fieldset>
  `
}

export interface Chosen {
  network(hash: string): void
  patch(patch: Partial<State>): void
  newSeed(): void
}

/** Where they are made. */
export function settings(engines: Engines, state: Readonly<State>, chosen: Chosen) {
  const { mistakeSteps, guidance, model } = state
  const most = engines.model?.timesteps ?? 1000
  const steps = [...new Set([...stepChoices.filter((n) => n <= most), mistakeSteps])].sort((a, b) => a - b)
  return html`
    <div class="controls">
      ${chooseModel(engines, model, (hash) => chosen.network(hash))}
      <fieldset>
        <legend class="label">${text.break.steps}</legend>
        <div class="segments">
          ${steps.map(
            (n) => html`
              <label>
                <input
                  type="radio"
                  name="steps"
                  value=${n}
                  .checked=${n === mistakeSteps}
                  @change=${() => chosen.patch({ mistakeSteps: n })}
                />
                <span>${whole(n)}</span>
              </label>
            `,
          )}
        </div>
      </fieldset>
      <div class="range">
        <label class="label" for="guidance">${text.generate.guidance}</label>
        <input
          id="guidance"
          type="range"
          min="1"
          max="10"
          step="0.5"
          .value=${String(guidance)}
          @change=${(event: Event) => chosen.patch({ guidance: Number((event.target as HTMLInputElement).value) })}
        />
        <output for="guidance" class="number" aria-hidden="true">${fixed(guidance, 1)}</output>
      </div>
      <button @click=${() => chosen.newSeed()}>${text.generate.newSeed}</button>
    </div>
  `
}
