// Colours from the least to the greatest value, in so few steps that lines of one colour are drawn at once. Blue to orange, for every eye.

export const STEPS = 64
const LIGHT = ['#08306b', '#2f7fbf', '#c7792c', '#7f2704']
const DARK = ['#b5dcff', '#5aa9e6', '#e8934a', '#ffd0a0']

// From a place between 0 and 1 to a step; -1 for what has no place.
export function stepOf(place: number): number {
  return Number.isNaN(place) ? -1 : Math.min(STEPS - 1, Math.max(0, Math.floor(place * STEPS)))
}

export function colourOf(step: number, dark: boolean): string {
  if (step < 0) return dark ? '#c9c9c9' : '#4d4d4d'
  const stops = dark ? DARK : LIGHT
  const at = (step / (STEPS - 1)) * (stops.length - 1)
  const left = Math.min(Math.floor(at), stops.length - 2)
  return mixed(stops[left] as string, stops[left + 1] as string, at - left)
}

function mixed(one: string, other: string, share: number): string {
  const part = (text: string, at: number) => Number.parseInt(text.slice(at, at + 2), 16)
  const parts = [1, 3, 5].map((at) => Math.round(part(one, at) * (1 - share) + part(other, at) * share))
  return `#${parts.map((each) => each.toString(16).padStart(2, '0')).join('')}`
}
