// An order of rows that stays while logs go on: what is new waits until somebody asks for it.

export type Held = { key: string; ids: string[] }
export type HeldView = { held: Held; ids: string[]; waiting: number; reordered: boolean }

// `key` names all that people choose of an order; when it changes, everything is taken as it comes, and so it is while `flowing`.
export function holding(before: Held | null, key: string, fresh: string[], flowing: boolean): HeldView {
  if (!before || before.key !== key || flowing) {
    return { held: { key, ids: fresh }, ids: fresh, waiting: 0, reordered: false }
  }
  const there = new Set(fresh)
  const ids = before.ids.filter((id) => there.has(id))
  const known = new Set(before.ids)
  const now = fresh.filter((id) => known.has(id))
  return {
    held: before,
    ids,
    waiting: fresh.length - now.length,
    reordered: now.some((id, at) => id !== ids[at]),
  }
}
