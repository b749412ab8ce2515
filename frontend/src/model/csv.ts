// Rows as comma-separated values (RFC 4180). A spreadsheet must take no text for a formula, so such a text gets an apostrophe before it.
import { common, type RowGroup, type Spread, spreadOf } from './groups'
import type { Cell } from './query'

// The wide ones some take for the same.
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/
const QUOTED = /[",\r\n]/
const PARTS: [string, keyof Spread][] = [
  ['mean', 'mean'],
  ['least', 'min'],
  ['greatest', 'max'],
]
const COUNTS: [string, keyof Spread][] = [
  ['standard deviation', 'deviation'],
  ['count', 'count'],
]
type Value = number | string
// Beyond, there is no date.
const LAST_MOMENT_S = 8.64e12

export function csv(columns: Cell[], rows: number[]): string {
  return written(
    columns.map(({ label }) => label),
    rows.map((row) => columns.map((each) => (each.nan?.(row) ? 'NaN' : said(each, each.at(row))))),
  )
}

// One line for each group: what it is, how many rows it has, and of every column of numbers mean, least, greatest, deviation and count.
export function groupsCsv(columns: Cell[], groups: RowGroup[]): string {
  return written(
    ['Group', 'Experiments', ...columns.flatMap(headsOf)],
    groups.map((group) => [group.title, group.rows.length, ...columns.flatMap((column) => partsOf(column, group))]),
  )
}

function headsOf({ label, numbers }: Cell): string[] {
  return numbers ? [...PARTS, ...COUNTS].map(([name]) => `${label} (${name})`) : [label]
}

function partsOf(column: Cell, group: RowGroup): Value[] {
  if (!column.numbers) return [common(column, group.rows)]
  const found = spreadOf(column, group)
  return [...PARTS.map(([, part]) => said(column, found[part])), ...COUNTS.map(([, part]) => found[part])]
}

// A moment is written so that every program reads it.
function said(column: Cell, value: Value): Value {
  const isMoment = column.key === 'started' && typeof value === 'number' && Math.abs(value) <= LAST_MOMENT_S
  return isMoment ? new Date(value * 1000).toISOString() : value
}

function written(heads: string[], rows: Value[][]): string {
  return [heads.map(field), ...rows.map((row) => row.map(cell))].map((line) => `${line.join(',')}\r\n`).join('')
}

function cell(value: Value): string {
  if (typeof value === 'string') return field(value)
  return Number.isNaN(value) ? '' : String(value)
}

function field(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
