// Changes over what was seen: what came of one, and whether it undoes somebody else's.

export type Outcome<T> = { state: 'saved'; now: T } | { state: 'conflict'; theirs: T }

// Whether a change made from what was seen can be made to what is there now without undoing somebody else's.
export function untouched<T extends object>(change: Partial<T>, seen: T, current: T): boolean {
  return (Object.keys(change) as (keyof T)[]).every((key) => same(seen[key], current[key]))
}

// What somebody wants otherwise than they saw it.
export function changed<T extends object>(wish: T, seen: T): Partial<T> {
  const keys = Object.keys(wish) as (keyof T)[]
  return Object.fromEntries(keys.flatMap((key) => (same(wish[key], seen[key]) ? [] : [[key, wish[key]]]))) as Partial<T>
}

export function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}
