// Which columns a table shows and in which order, how their cells look, and what is good in a metric. As a piece of an address it is
// a list of keys with a sign before each: `^` pinned, none placed, `-` hidden, `+` shown, `~` with bars, `*` with heat, and of metrics
// by label `<` less is better, `>` more is better, `!` neither.

import { decoded } from '../lib/decoded'
import { goalOf } from './comparison'

export type Goal = 'up' | 'down' | null
export type Look = 'bars' | 'heat'
export type Placed = { key: string; pinned: boolean }
export type Layout = {
  placed: Placed[]
  hidden: ReadonlySet<string>
  shown: ReadonlySet<string>
  looks: ReadonlyMap<string, Look>
  goals: ReadonlyMap<string, Goal>
}
type Keyed = { key: string }
type Valued = Keyed & { kind: string; at: (row: number) => number | string }

export const FIRST = 'name'
const LOOKS: Record<string, Look> = { '~': 'bars', '*': 'heat' }
const GOALS: Record<string, Goal> = { '<': 'down', '>': 'up', '!': null }
const SIGN = /^[-^+~*<>!]/

export function readLayout(text: string): Layout {
  const placed: Placed[] = []
  const [hidden, shown] = [new Set<string>(), new Set<string>()]
  const [looks, goals] = [new Map<string, Look>(), new Map<string, Goal>()]
  for (const part of text.split(',').filter(Boolean)) {
    const sign = SIGN.exec(part)?.[0] ?? ''
    const key = decoded(part.slice(sign.length))
    if (key === '') continue
    if (sign === '' || sign === '^') placed.push({ key, pinned: sign === '^' })
    else if (sign === '-') hidden.add(key)
    else if (sign === '+') shown.add(key)
    else if (sign in LOOKS) looks.set(key, LOOKS[sign] as Look)
    else goals.set(key, GOALS[sign] as Goal)
  }
  return { placed, hidden, shown, looks, goals }
}

export function layoutText(layout: Layout): string {
  const signOf = (signs: Record<string, unknown>, value: unknown) =>
    Object.keys(signs).find((sign) => signs[sign] === value) ?? ''
  return [
    ...layout.placed.map(({ key, pinned }) => (pinned ? '^' : '') + encodeURIComponent(key)),
    ...[...layout.hidden].map((key) => `-${encodeURIComponent(key)}`),
    ...[...layout.shown].map((key) => `+${encodeURIComponent(key)}`),
    ...[...layout.looks].map(([key, look]) => signOf(LOOKS, look) + encodeURIComponent(key)),
    ...[...layout.goals].map(([label, goal]) => signOf(GOALS, goal) + encodeURIComponent(label)),
  ].join(',')
}

// The name first, then what is pinned, then what was placed, then the rest as it comes.
export function arranged<C extends Keyed>(
  columns: C[],
  layout: Layout,
  proposed: ReadonlySet<string>,
): { columns: C[]; pinned: number } {
  const visible = new Map(columns.filter(({ key }) => isShown(key, layout, proposed)).map((each) => [each.key, each]))
  const order = [...layout.placed.filter(({ pinned }) => pinned), ...layout.placed.filter(({ pinned }) => !pinned)]
  const keys = [...new Set([FIRST, ...order.map(({ key }) => key), ...visible.keys()])]
  const found = keys.flatMap((key) => visible.get(key) ?? [])
  return { columns: found, pinned: found.filter(({ key }) => key === FIRST || isPinned(key, layout)).length }
}

export function isShown(key: string, layout: Layout, proposed: ReadonlySet<string>): boolean {
  if (key === FIRST || layout.shown.has(key)) return true
  return proposed.has(key) && !layout.hidden.has(key)
}

export function isPinned(key: string, layout: Layout): boolean {
  return layout.placed.some((each) => each.key === key && each.pinned)
}

export function withShown(layout: Layout, key: string, show: boolean, proposed: ReadonlySet<string>): Layout {
  const [hidden, shown] = [new Set(layout.hidden), new Set(layout.shown)]
  hidden.delete(key)
  shown.delete(key)
  if (show && !proposed.has(key)) shown.add(key)
  if (!show && proposed.has(key)) hidden.add(key)
  return { ...layout, hidden, shown, placed: show ? layout.placed : layout.placed.filter((each) => each.key !== key) }
}

export function withPinned(layout: Layout, key: string, pinned: boolean): Layout {
  const others = layout.placed.filter((each) => each.key !== key)
  return { ...layout, placed: pinned ? [...others, { key, pinned }] : others }
}

// `visible` is what is shown now, in order; the column goes before `target`, or last if that is none of them.
export function moved(layout: Layout, visible: string[], key: string, target: string): Layout {
  const rest = visible.filter((each) => each !== key && each !== FIRST)
  const at = target === FIRST ? 0 : rest.indexOf(target)
  const next = at < 0 ? [...rest, key] : [...rest.slice(0, at), key, ...rest.slice(at)]
  const end = Math.max(next.indexOf(key), ...layout.placed.map((each) => next.indexOf(each.key)))
  const pinnedBefore = isPinned(next[next.indexOf(key) + 1] ?? '', layout)
  const placed = next.slice(0, end + 1).map((each) => ({
    key: each,
    pinned: each === key ? pinnedBefore || (isPinned(key, layout) && at === 0) : isPinned(each, layout),
  }))
  return { ...layout, placed }
}

// What is better in a metric: as somebody said, else as its name tells.
export function goalIn({ goals }: Layout): (label: string) => Goal {
  return (label) => (goals.has(label) ? (goals.get(label) as Goal) : goalOf(label))
}

export function movedBy(layout: Layout, visible: string[], key: string, by: -1 | 1): Layout {
  const at = visible.indexOf(key)
  return moved(layout, visible, key, visible[by < 0 ? at - 1 : at + 2] ?? '')
}

export function withLook(layout: Layout, key: string, look: Look | null): Layout {
  const looks = new Map(layout.looks)
  looks.delete(key)
  if (look) looks.set(key, look)
  return { ...layout, looks }
}

export function withGoal(layout: Layout, label: string, goal: Goal): Layout {
  return { ...layout, goals: new Map([...layout.goals, [label, goal]]) }
}

// The columns to show when nobody chose any: those in which rows differ, and of several rows none that are all empty.
export function proposedKeys(columns: Valued[], rows: number): Set<string> {
  return new Set(columns.filter((column) => column.kind === 'system' || differs(column, rows)).map(({ key }) => key))
}

function differs(column: Valued, rows: number): boolean {
  const first = rows > 0 ? column.at(0) : ''
  if (rows < 2) return first !== '' && !Number.isNaN(first)
  for (let row = 1; row < rows; row += 1) if (!Object.is(column.at(row), first)) return true
  return false
}
