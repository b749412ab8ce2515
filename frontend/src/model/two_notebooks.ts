// Which two of the notebooks that lie beside several experiments are compared, and their short form for an address.
import { decoded } from '../lib/decoded'

export type Place = { id: string; name: string }

export function written(places: Place[]): string {
  return places.map(({ id, name }) => `${id}.${encodeURIComponent(name)}`).join(',')
}

// The two that are meant, if they are there; else the first one and the one most like it: of the same name beside another experiment.
export function chosen<P extends Place>(text: string, places: P[]): [P, P] | null {
  const [first, second] = text.split(',').map((part) => meant(part, places))
  const base = first ?? places.find((each) => each !== second)
  if (!base) return null
  const others = places.filter((each) => each !== base)
  const other =
    (second !== base && second) ||
    others.find((each) => each.id !== base.id && each.name === base.name) ||
    others.find((each) => each.id !== base.id) ||
    others[0]
  return other ? [base, other] : null
}

function meant<P extends Place>(part: string, places: P[]): P | undefined {
  const dot = part.indexOf('.')
  const [id, name] = [part.slice(0, dot), decoded(part.slice(dot + 1))]
  return places.find((each) => each.id === id && each.name === name)
}
