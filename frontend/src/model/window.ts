// Which rows or columns are in sight, with a few beside them.

export type Span = { first: number; end: number }

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
