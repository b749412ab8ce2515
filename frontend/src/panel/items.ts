// What the table's rows are: experiments, and groups of them that can be opened.
import type { TableColumn } from '../api/plugin'
import { count as counted, formatDuration, formatNumber, formatTime } from '../lib/format'
import { type Aggregate, common, type RowGroup, type Spread, spreadOf } from '../model/groups'

export type Item = { id: string; row: number; inGroup: boolean } | { id: string; group: RowGroup; open: boolean }

const NOT_A_NUMBER = 'NaN'

export function isGroup(item: Item): item is Extract<Item, { group: RowGroup }> {
  return 'group' in item
}

export function rowsOf(item: Item): number[] {
  return isGroup(item) ? item.group.rows : [item.row]
}

export function cellText(column: TableColumn, item: Item, aggregate: Aggregate): string {
  if (!isGroup(item)) return column.nan?.(item.row) ? NOT_A_NUMBER : said(column, column.at(item.row))
  if (!column.numbers) return common(column, item.group.rows)
  const found = spreadOf(column, item.group)
  if (found.count === 0) return nansIn(column, item.group) > 0 ? NOT_A_NUMBER : ''
  const value = said(column, found[aggregate])
  if (aggregate !== 'mean' || !found.deviation || column.key === 'started') return value
  return `${value} ± ${deviationOf(column, found)}`
}

// What a cell says on a closer look: of a group all that is known of its values.
export function cellTitle(column: TableColumn, item: Item, aggregate: Aggregate): string {
  const text = cellText(column, item, aggregate)
  if (!isGroup(item))
    return [column.title?.(item.row), text].filter((each, at, all) => each && all.indexOf(each) === at).join('\n')
  const found = column.numbers ? spreadOf(column, item.group) : null
  if (!found || found.count === 0) return text
  const { min, max, mean, count } = found
  const deviation = found.deviation && column.key !== 'started' ? ` ± ${deviationOf(column, found)}` : ''
  const nans = nansIn(column, item.group)
  const beside = nans > 0 ? `, beside ${nans} NaN` : ''
  return `mean ${said(column, mean)}${deviation}, least ${said(column, min)}, greatest ${said(column, max)}, of ${counted(count, 'value')}${beside}`
}

function nansIn(column: TableColumn, group: RowGroup): number {
  return column.nan ? group.rows.filter(column.nan).length : 0
}

function deviationOf(column: TableColumn, { deviation }: Spread): string {
  return said(column, Number(deviation.toPrecision(2)))
}

export function cellNumber(column: TableColumn, item: Item, aggregate: Aggregate): number {
  if (!column.numbers) return Number.NaN
  if (!isGroup(item)) return column.at(item.row) as number
  return spreadOf(column, item.group)[aggregate]
}

export function said(column: TableColumn, value: number | string): string {
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
