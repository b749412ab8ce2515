// Rows as comma-separated values (RFC 4180). A spreadsheet must take no text for a formula, so such a text gets an apostrophe before it.
import type { Cell } from './query'

const FORMULA = /^[=+\-@\t\r]/
const QUOTED = /[",\r\n]/

export function csv(columns: Cell[], rows: number[]): string {
  const lines = [
    columns.map(({ label }) => field(label)),
    ...rows.map((row) => columns.map((each) => cell(each.at(row)))),
  ]
  return lines.map((line) => `${line.join(',')}\r\n`).join('')
}

function cell(value: number | string): string {
  if (typeof value === 'string') return field(value)
  return Number.isNaN(value) ? '' : String(value)
}

function field(text: string): string {
  const safe = FORMULA.test(text) ? `'${text}` : text
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
