// Every word of the page, in the visitor's language.
//
// A room's words are in en/<room>.ts and, of the same type, in ru/<room>.ts; a new room adds one line to each
// language's index.ts. To use them: `import { text } from '../messages/index.ts'`, then `text.forward.heading` where
// it is rendered. `text` is a live binding: every element renders anew when the language changes, so words must be
// read while rendering and never be kept (no `const words = text.x` outside of a function).
// Numbers go through parts/format.ts, which writes them as the language does; where a word depends on a number,
// the message takes the number as well as its written form, and chooses (see `plural`).
//
// A third language is a folder of the shape of en/ and one line in `languages`.

import { LitElement } from 'lit'
import { en } from './en/index.ts'

export type Messages = typeof en

export const languages = {
  en: { name: 'English', load: () => Promise.resolve<Messages>(en) },
  ru: { name: 'Русский', load: () => import('./ru/index.ts').then(({ ru }) => ru) },
} as const satisfies Record<string, { name: string; load(): Promise<Messages> }>

export type Language = keyof typeof languages
export const languageNames = Object.keys(languages) as Language[]

export let text: Messages = en

let spoken: Language = 'en'
const changes = new EventTarget()

/** The language that is spoken now. */
export function language(): Language {
  return spoken
}

/** Changes the language, and says whether it is spoken: what cannot be fetched is not. */
export async function speak(next: Language): Promise<boolean> {
  if (next === spoken) return true
  let words: Messages
  try {
    words = await languages[next].load()
  } catch {
    return false
  }
  text = words
  spoken = next
  changes.dispatchEvent(new Event('change'))
  return true
}

/** The first language of the list ("ru-RU", "de"…) that the page speaks; English if it speaks none. */
export function preferred(list: readonly string[]): Language {
  for (const tag of list) {
    const primary = tag.toLowerCase().split('-')[0]
    const known = languageNames.find((name) => name === primary)
    if (known) return known
  }
  return 'en'
}

// Each element of the page, whichever file it is from, follows the language.
LitElement.addInitializer((element) => {
  const update = () => element.requestUpdate()
  element.addController({
    hostConnected: () => changes.addEventListener('change', update),
    hostDisconnected: () => changes.removeEventListener('change', update),
  })
})
