// One script tag puts the rooms on any page:
//
//   <script type="module" src="https://…/embed.js"></script>
//   <ddpm-forward t="300" picture="spheres"></ddpm-forward>
//
// A room's code is fetched when its element comes into sight, now or later. The page's own URL is left alone.

import { css, unsafeCSS } from 'lit'
import { preferred, speak } from './messages/index.ts'
import { Room } from './parts/room.ts'
import { rooms } from './rooms.ts'
import { lettersOf, lettersOfFormulas } from './style/fonts.ts'
import tokens from './style/tokens.css?raw'

const waiting = new Map<string, () => Promise<unknown>>(rooms.map(({ tag, load }) => [tag, load]))

Room.roomStyles.push(
  unsafeCSS(tokens.replaceAll(':root', ':host')),
  // Light or dark is what the page says by its color-scheme.
  css`
    :host {
      padding: clamp(1rem, 4cqi, 2.5rem);
      border-radius: var(--radius);
      background: var(--paper);
      color: var(--ink);
      font: 400 1rem/1.55 var(--sans);
      text-align: start;
    }
  `,
)

/** The language that the page is in at an element, or the visitor's where it does not say. */
async function speakAsAt(element: Element): Promise<void> {
  const lang = element.closest<HTMLElement>('[lang]')?.lang
  const language = preferred(lang ? [lang] : navigator.languages)
  await lettersOf(language)
  await speak(language)
}

async function define(element: Element): Promise<void> {
  const load = waiting.get(element.localName)
  if (!load) return
  waiting.delete(element.localName)
  await speakAsAt(element)
  await lettersOfFormulas()
  await load()
  if (waiting.size > 0) return
  later.disconnect()
  seen.disconnect()
}

// What is folded away or far below is not in sight, and costs nothing until it is.
const seen = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) void define(target)
  },
  { rootMargin: '50% 0px' },
)

function watch(): void {
  for (const tag of waiting.keys()) for (const element of document.querySelectorAll(tag)) seen.observe(element)
}

const later = new MutationObserver(watch)

later.observe(document, { childList: true, subtree: true })
watch()
