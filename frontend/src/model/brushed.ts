// What was chosen on axes, as a filter of the table that lets the same rows through.
import type { Brush, Column } from './axes'
import { namesIn, within } from './axes'
import { present } from './comparison'
import { findColumn, quoted } from './query'

const UNSAYABLE = /[[\],"]/

// Null where a filter cannot say it: a value with brackets, commas or quotes in it.
export function filterOf(brushes: Brush[], columns: Column[], rows: number[]): string | null {
  const parts = brushes.map((brush) => {
    const column = columns.find((each) => each.key === brush.key)
    return column ? partOf(brush, column, columns, rows) : ''
  })
  return parts.includes(null) ? null : parts.filter(Boolean).join(' ')
}

function partOf(brush: Brush, column: Column, columns: Column[], rows: number[]): string | null {
  const { from, to } = brush
  const name = quoted(findColumn(column.label, columns) === column ? column.label : column.key)
  if (from === null && to === null) return ''
  if (column.numbers) {
    if (from === null) return `${name}<=${to}`
    return to === null ? `${name}>=${from}` : `${name} in [${from},${to}]`
  }
  const values = namesIn(rows.map((row) => column.at(row)).filter((value) => present(value) && within(brush, value)))
  if (values.length === 0 || values.some((value) => UNSAYABLE.test(value))) return null
  return `${name} in [${values.join(',')}]`
}
