// Two notebooks cell by cell, and two texts line by line, in the least number of changes (Myers, https://doi.org/10.1007/BF01840446).
import { diffArrays, diffLines, diffWords } from 'diff'
import type { Cell } from './notebook'

// A cell of the first notebook and what became of it in the second; null where one of them has none such.
export type Pair = { base: Cell | null; cell: Cell | null; change: '' | 'text' | 'outputs' | 'added' | 'removed' }
export type Line = { text: string; change: '' | 'added' | 'removed' }

// Beyond it two texts have so little in common that it is not looked for.
const MOST_CHANGES = 1000
const MOST_WORDS = 200
// Which part of the words two cells share that are one cell, rewritten.
const ALIKE = 0.4
// So many cells away a rewritten one is still found.
const NEAR = 8
// So often two cells are looked at for that; a page would stand still for more.
const MOST_LOOKS = 400

export function paired(base: Cell[], cells: Cell[]): Pair[] {
  const parts = diffArrays(base, cells, { comparator: isSame, maxEditLength: MOST_CHANGES })
  const found: Pair[] = []
  let [mine, theirs]: [Cell[], Cell[]] = [[], []]
  let [at, other] = [0, 0]
  let looks = MOST_LOOKS
  const alike = (one: Cell, another: Cell) => {
    if (one.kind !== another.kind || looks === 0) return false
    looks -= 1
    return isAlike(one, another)
  }
  const flush = () => {
    found.push(...rewritten(mine, theirs, alike))
    ;[mine, theirs] = [[], []]
  }
  for (const { count, added, removed } of parts ?? []) {
    if (removed) mine = base.slice(at, at + count)
    else if (added) theirs = cells.slice(other, other + count)
    else {
      flush()
      for (let i = 0; i < count; i += 1) found.push(changed(base[at + i] as Cell, cells[other + i] as Cell))
    }
    at += added ? 0 : count
    other += removed ? 0 : count
  }
  if (!parts) [mine, theirs] = [base, cells]
  flush()
  return found
}

export function lines(base: string, text: string): Line[] {
  const parts = diffLines(ended(base), ended(text), { maxEditLength: MOST_CHANGES })
  if (!parts) return [...listOf(ended(base), 'removed'), ...listOf(ended(text), 'added')]
  return parts.flatMap(({ value, added, removed }) => listOf(value, added ? 'added' : removed ? 'removed' : ''))
}

// Cells have no ids in notebooks before nbformat 4.5; those that we number by place say nothing.
function isSame(one: Cell, other: Cell): boolean {
  return one.kind === other.kind && (one.source === other.source || (one.id === other.id && !one.id.startsWith('#')))
}

function changed(base: Cell, cell: Cell): Pair {
  if (base.source !== cell.source) return { base, cell, change: 'text' }
  return { base, cell, change: saidBy(base) === saidBy(cell) ? '' : 'outputs' }
}

export function saidBy(cell: Cell): string {
  return JSON.stringify(cell.kind === 'code' ? cell.outputs : [])
}

// Where nothing is the same: a cell that is much like one that is gone is that one, rewritten.
function rewritten(base: Cell[], cells: Cell[], alike: (one: Cell, other: Cell) => boolean): Pair[] {
  const found: Pair[] = []
  let at = 0
  for (const gone of base) {
    const like = cells.slice(at, at + NEAR).findIndex((each) => alike(gone, each))
    if (like < 0) {
      found.push({ base: gone, cell: null, change: 'removed' })
      continue
    }
    found.push(...cells.slice(at, at + like).map(addedOf), changed(gone, cells[at + like] as Cell))
    at += like + 1
  }
  return [...found, ...cells.slice(at).map(addedOf)]
}

const addedOf = (cell: Cell): Pair => ({ base: null, cell, change: 'added' })

function isAlike(one: Cell, other: Cell): boolean {
  const parts = diffWords(one.source, other.source, { maxEditLength: MOST_WORDS })
  const shared = (parts ?? []).filter((part) => !part.added && !part.removed)
  const length = shared.reduce((sum, { value }) => sum + value.length, 0)
  return length >= ALIKE * Math.max(one.source.length, other.source.length)
}

// A last line without its end is the same line.
function ended(text: string): string {
  return text === '' || text.endsWith('\n') ? text : `${text}\n`
}

function listOf(text: string, change: Line['change']): Line[] {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => ({ text: line, change }))
}
