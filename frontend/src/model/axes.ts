// Columns as axes of a drawing: which of them vary, where each row stands, and which rows lie within what was chosen on each axis.
import { formatDuration, formatNumber, formatTime } from '../lib/format'
import { linear, logarithmic, named, type Scale, type Value } from '../lib/scale'
import { goalOf, present } from './comparison'
import type { Cell } from './query'

export type Column = Cell & { kind: string }
export type Axis = { key: string; label: string; numbers: boolean; log: boolean; mayLog: boolean; scale: Scale }
export type Brush = { key: string; from: Value | null; to: Value | null }

const MOST_PARAMETERS = 8
const MOST_METRICS = 2
const MANY_TIMES = 100

export function axisOf(column: Column, rows: number[], log: boolean | null): Axis {
  const values = rows.map((row) => column.at(row)).filter(present)
  const { key, label, numbers } = column
  if (!numbers) return { key, label, numbers, log: false, mayLog: false, scale: named(namesIn(values)) }
  const [low, high] = extent(values as number[])
  const mayLog = low > 0
  const asLog = mayLog && (log ?? high / low >= MANY_TIMES)
  const scale = asLog ? logarithmic(low, high, written(key)) : linear(low, high, written(key))
  return { key, label, numbers, log: asLog, mayLog, scale }
}

function extent(values: number[]): [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const value of values) {
    if (!Number.isFinite(value)) continue
    low = Math.min(low, value)
    high = Math.max(high, value)
  }
  return low <= high ? [low, high] : [0, 1]
}

export function namesIn(values: Value[]): string[] {
  return [...new Set(values.map(String))].sort(byName)
}

function byName(one: string, other: string): number {
  return one.localeCompare(other, undefined, { numeric: true })
}

export function written(key: string): (value: number) => string {
  if (key === 'started') return formatTime
  return key === 'duration' ? formatDuration : formatNumber
}

// Columns that can be an axis at all: what is told of one experiment, not its name.
export function drawable(columns: Column[], rows: number[]): Column[] {
  return columns.filter((column) => {
    if (column.kind === 'system') return column.numbers && rows.some((row) => present(column.at(row)))
    return rows.some((row) => present(column.at(row)))
  })
}

export function varies(column: Column, rows: number[]): boolean {
  let first: Value | null = null
  for (const row of rows) {
    const value = column.at(row)
    if (!present(value)) continue
    if (first !== null && value !== first) return true
    first = value
  }
  return false
}

// Parameters that vary, and the metrics of which a name tells what is better, validation before training.
export function usualAxes(columns: Column[], rows: number[]): string[] {
  const varying = columns.filter((column) => varies(column, rows))
  const parameters = varying.filter((column) => column.kind === 'parameter').slice(0, MOST_PARAMETERS)
  return [...parameters, ...telling(varying).slice(0, MOST_METRICS)].map((column) => column.key)
}

export function telling(columns: Column[]): Column[] {
  const metrics = columns.filter((column) => column.kind === 'metric')
  const rank = ({ label }: Column) => (goalOf(label) ? 0 : 2) + (/val|test/i.test(label) ? 0 : 1)
  return metrics.sort((one, other) => rank(one) - rank(other))
}

export function within(brush: Brush, value: Value): boolean {
  const { from, to } = brush
  if (from === null && to === null) return true
  if (!present(value)) return false
  const order = (one: Value, other: Value) =>
    typeof one === 'number' && typeof other === 'number' ? one - other : byName(String(one), String(other))
  return (from === null || order(value, from) >= 0) && (to === null || order(value, to) <= 0)
}

export function passing(rows: number[], columns: Column[], brushes: Brush[]): number[] {
  const used = brushes.flatMap((brush) => {
    const column = columns.find((each) => each.key === brush.key)
    return column && (brush.from !== null || brush.to !== null) ? [{ brush, column }] : []
  })
  return used.length === 0 ? rows : rows.filter((row) => used.every((each) => within(each.brush, each.column.at(row))))
}

export function moved<T>(list: T[], from: number, to: number): T[] {
  const rest = list.filter((_, index) => index !== from)
  return [...rest.slice(0, to), list[from] as T, ...rest.slice(to)]
}
