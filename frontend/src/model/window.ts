// Which rows or columns are in sight, with a few beside them.

export type Span = { first: number; end: number }

const MOST_PINNED = 0.7

export function rowsInSight(scrollTop: number, height: number, rowHeight: number, rows: number): Span {
  const first = Math.max(0, Math.floor(scrollTop / rowHeight) - 6)
  return { first, end: Math.min(rows, Math.ceil((scrollTop + height) / rowHeight) + 6) }
}

export function columnsInSight(scrollLeft: number, width: number, lefts: number[], widths: number[]): Span {
  let first = 0
  while (first < lefts.length - 1 && (lefts[first] ?? 0) + (widths[first] ?? 0) < scrollLeft - 200) first += 1
  let end = first
  while (end < lefts.length && (lefts[end] ?? 0) < scrollLeft + width + 200) end += 1
  return { first, end }
}

// How many of the columns that were pinned stay in place: never so many that there is no room for others to pass by, and at least one.
export function pinnedInRoom(pinned: number, widths: number[], beside: number, room: number): number {
  let count = 1
  let taken = beside + (widths[0] ?? 0)
  while (count < pinned && taken + (widths[count] ?? 0) <= room * MOST_PINNED) {
    taken += widths[count] ?? 0
    count += 1
  }
  return count
}
