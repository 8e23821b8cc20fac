import { text } from '../messages/index.ts'

/** A class in the visitor's language; `label` is what the network's file calls it. */
export function className(label: string): string {
  return text.models.classes[label] ?? label
}
