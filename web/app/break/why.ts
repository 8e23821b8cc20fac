import { html, nothing } from 'lit'
import type { Mistake } from '../../shared/engine.ts'
import '../math/formula.ts'
import clip from '../math/mistake-clip.tex'
import last from '../math/mistake-last.tex'
import range from '../math/mistake-range.tex'
import root from '../math/mistake-root.tex'
import schedule from '../math/mistake-schedule.tex'
import time from '../math/mistake-time.tex'
import { text } from '../messages/index.ts'
import { prose } from '../parts/prose.ts'

const formulas: Readonly<Record<Mistake, string>> = { range, clip, last, time, schedule, root }

/**
 * What is to be seen of the mistakes that are made, and why, each with a way to where it is plain to see; `plain` says
 * whether that is where it is shown.
 */
export function explanations(
  made: readonly Mistake[],
  plain: (mistake: Mistake) => boolean,
  show: (mistake: Mistake) => void,
) {
  return html`
    <div class="why">
      <h2>${text.break.why}</h2>
      ${made.map((mistake) => {
        const { name, look, why } = text.break.mistakes[mistake]
        return html`
          <div>
            <h3>${prose(name)}</h3>
            <p class="look">${prose(look)}</p>
            <ddpm-formula .math=${formulas[mistake]}></ddpm-formula>
            <p>${prose(why)}</p>
            ${
              plain(mistake)
                ? nothing
                : html`<button class="plain" @click=${() => show(mistake)}>
                    ${made.length > 1 ? text.break.alone : text.break.plainest}
                  </button>`
            }
          </div>
        `
      })}
    </div>
  `
}
