// Which experiments are compared: ids, or `*` and a filter, which stands for every row of the table that the filter passes.
import { readSort, sorted } from './order'
import { type Cell, parseQuery } from './query'
import { readSlotted } from './slots'

export type Compared = { ids: string[]; whole: boolean; query: string }

export function readCompared(text: string): string[] {
  return text.startsWith('*') ? [text] : readSlotted(text).ids
}

export function compared(chosen: string[], columns: Cell[], rows: number): Compared {
  const first = chosen[0] ?? ''
  if (!first.startsWith('*')) return { ids: chosen, whole: false, query: '' }
  const query = first.slice(1)
  const parsed = parseQuery(query, columns)
  const idColumn = columns.find((column) => column.key === 'id')
  const all = Array.from({ length: rows }, (_, row) => row)
  const passing = parsed.ok ? all.filter(parsed.test) : []
  return { ids: passing.map((row) => String(idColumn?.at(row))), whole: true, query }
}

// The ids of the rows that a filter passes, in an order: as a table of this address shows them. A filter that says nothing passes all.
export function inOrder(columns: Cell[], rows: number, filter: string, sort: string): string[] {
  const parsed = parseQuery(filter, columns)
  const all = Array.from({ length: rows }, (_, row) => row)
  const idColumn = columns.find((column) => column.key === 'id')
  return sorted(parsed.ok ? all.filter(parsed.test) : all, readSort(sort), columns).map((row) =>
    String(idColumn?.at(row)),
  )
}
