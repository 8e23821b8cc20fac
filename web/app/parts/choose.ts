import { html, nothing } from 'lit'
import { text } from '../messages/index.ts'
import type { Engines } from '../state/engines.ts'
import { fixed } from './format.ts'

/** Which of the page's models; nothing where there is one only. `choose` takes a hash. */
export function chooseModel(engines: Engines, chosen: string, choose: (hash: string) => void) {
  const { shipped } = engines
  if (shipped.length < 2) return nothing
  return html`
    <div>
      <label class="label" for="model">${text.models.label}</label>
      <select id="model" class="field" @change=${(event: Event) => choose((event.target as HTMLSelectElement).value)}>
        ${shipped.map(
          ({ hash, name, size, bytes }) =>
            html`<option value=${hash} ?selected=${hash === chosen}>
              ${`${text.models.names[name] ?? name}, ${size} × ${size}, ${text.models.megabytes(fixed(bytes / 1e6, 1))}`}
            </option>`,
        )}
      </select>
    </div>
  `
}
