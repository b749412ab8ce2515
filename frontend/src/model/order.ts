// The order of rows: an index sort over typed columns; missing values stay at the end whichever way.

import { decoded } from '../lib/decoded'

export type SortKey = { key: string; down: boolean }
export type Sortable = { key: string; at: (row: number) => number | string }

const TEXTS = new Intl.Collator(undefined, { numeric: true })

export function sorted(rows: number[], keys: SortKey[], columns: Sortable[]): number[] {
  const used = keys.flatMap((each) => {
    const column = columns.find((one) => one.key === each.key)
    // Read once: rows are compared many times.
    return column ? [{ values: rows.map((row) => column.at(row)), down: each.down }] : []
  })
  const order = rows.map((_, at) => at)
  order.sort((a, b) => {
    for (const { values, down } of used) {
      const apart = compare(values[a] as number | string, values[b] as number | string, down)
      if (apart !== 0) return apart
    }
    return (rows[a] as number) - (rows[b] as number)
  })
  return order.map((at) => rows[at] as number)
}

function compare(a: number | string, b: number | string, down: boolean): number {
  const missingA = a === '' || Number.isNaN(a)
  const missingB = b === '' || Number.isNaN(b)
  if (missingA || missingB) return Number(missingA) - Number(missingB)
  const order = typeof a === 'number' && typeof b === 'number' ? a - b : TEXTS.compare(String(a), String(b))
  return down ? -order : order
}

// A click turns a column up, down, off; with shift the others stay.
export function turned(keys: SortKey[], key: string, add: boolean): SortKey[] {
  const before = keys.find((each) => each.key === key)
  const others = add ? keys.filter((each) => each.key !== key) : []
  if (!before) return [...others, { key, down: false }]
  return before.down ? others : [...others, { key, down: true }]
}

// As a piece of an address: keys in their order, `-` before those that go down.
export function sortText(keys: SortKey[]): string {
  return keys.map(({ key, down }) => `${down ? '-' : ''}${encodeURIComponent(key)}`).join(',')
}

export function readSort(text: string): SortKey[] {
  return text
    .split(',')
    .filter(Boolean)
    .map((part) => {
      const down = part.startsWith('-')
      return { key: decoded(part.slice(down ? 1 : 0)), down }
    })
    .filter(({ key }) => key !== '')
}
