// What the table's rows are: experiments, and groups of them that can be opened.
import type { TableColumn } from '../api/plugin'
import { formatDuration, formatNumber, formatTime } from '../lib/format'
import { type Aggregate, common, type RowGroup, spread } from '../model/groups'

export type Item = { id: string; row: number; inGroup: boolean } | { id: string; group: RowGroup; open: boolean }

export function isGroup(item: Item): item is Extract<Item, { group: RowGroup }> {
  return 'group' in item
}

export function rowsOf(item: Item): number[] {
  return isGroup(item) ? item.group.rows : [item.row]
}

export function cellText(column: TableColumn, item: Item, aggregate: Aggregate): string {
  if (!isGroup(item)) return said(column, column.at(item.row))
  const { rows } = item.group
  if (!column.numbers) return common(column, rows)
  const found = spread(rows.map((row) => column.at(row) as number))
  if (found.count === 0) return ''
  const value = said(column, found[aggregate])
  if (aggregate !== 'mean' || !found.deviation || column.key === 'started') return value
  return `${value} ± ${said(column, Number(found.deviation.toPrecision(2)))}`
}

export function cellNumber(column: TableColumn, item: Item, aggregate: Aggregate): number {
  if (!column.numbers) return Number.NaN
  if (!isGroup(item)) return column.at(item.row) as number
  return spread(item.group.rows.map((row) => column.at(row) as number))[aggregate]
}

function said(column: TableColumn, value: number | string): string {
  if (typeof value === 'string') return value
  if (column.key === 'started') return formatTime(value)
  if (column.key === 'duration') return formatDuration(value)
  return formatNumber(value)
}

export function extentOf(column: TableColumn, items: Item[], aggregate: Aggregate): { low: number; high: number } {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]
  for (const item of items) {
    const value = cellNumber(column, item, aggregate)
    if (!Number.isFinite(value)) continue
    if (value < low) low = value
    if (value > high) high = value
  }
  return { low, high }
}
