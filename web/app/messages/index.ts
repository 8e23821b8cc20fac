import { en, type Messages } from './en.ts'

/** The words of the page, in the visitor's language. English is the only one so far. */
export const text: Messages = en
