// The order of rows: an index sort over typed columns; missing values stay at the end whichever way.

export type SortKey = { key: string; down: boolean }
export type Sortable = { key: string; at: (row: number) => number | string }

export function sorted(rows: number[], keys: SortKey[], columns: Sortable[]): number[] {
  const used = keys.flatMap((each) => {
    const column = columns.find((one) => one.key === each.key)
    return column ? [{ column, down: each.down }] : []
  })
  return [...rows].sort((a, b) => {
    for (const { column, down } of used) {
      const order = compare(column.at(a), column.at(b), down)
      if (order !== 0) return order
    }
    return a - b
  })
}

function compare(a: number | string, b: number | string, down: boolean): number {
  const missingA = a === '' || Number.isNaN(a)
  const missingB = b === '' || Number.isNaN(b)
  if (missingA || missingB) return Number(missingA) - Number(missingB)
  const order =
    typeof a === 'number' && typeof b === 'number'
      ? a - b
      : String(a).localeCompare(String(b), undefined, { numeric: true })
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
    .flatMap((part) => {
      const down = part.startsWith('-')
      try {
        return [{ key: decodeURIComponent(part.slice(down ? 1 : 0)), down }]
      } catch {
        return []
      }
    })
}
