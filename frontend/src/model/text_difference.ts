// Which characters of a text are not those of another, in the least number of changes (Myers, https://doi.org/10.1007/BF01840446).
import { diffChars } from 'diff'

export type Part = { text: string; changed: boolean }
const MOST_CHANGES = 400

// A text that has next to nothing of the other is marked whole.
export function difference(text: string, base: string): Part[] {
  const parts = diffChars(base, text, { maxEditLength: MOST_CHANGES })
  if (!parts) return [{ text, changed: true }]
  return parts.filter((part) => !part.removed).map((part) => ({ text: part.value, changed: part.added }))
}
