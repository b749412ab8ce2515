// Rows put together by what some columns say, each group with its mean or another value of every column of numbers.
import { formatNumber } from '../lib/format'
import type { Cell } from './query'

export type Aggregate = 'mean' | 'min' | 'max'
export type Grouping = { by: string[]; aggregate: Aggregate }
export type RowGroup = { id: string; title: string; rows: number[] }
export type Spread = { count: number; mean: number; deviation: number; min: number; max: number }

export const AGGREGATES: Record<Aggregate, string> = {
  mean: 'mean ± standard deviation',
  min: 'least',
  max: 'greatest',
}
const ALL_BUT = '!'
const PARAMETER = 'p:'

// As a piece of an address: keys of columns, `!` and a key for all parameters but this one, then `;` and what of each group is shown.
export function readGrouping(text: string): Grouping {
  const [keys = '', aggregate = ''] = text.split(';')
  const by = keys.split(',').filter(Boolean).flatMap(decoded)
  return { by, aggregate: aggregate in AGGREGATES ? (aggregate as Aggregate) : 'mean' }
}

export function groupingText({ by, aggregate }: Grouping): string {
  if (by.length === 0) return ''
  return by.map(encodeURIComponent).join(',') + (aggregate === 'mean' ? '' : `;${aggregate}`)
}

function decoded(text: string): string[] {
  try {
    return [decodeURIComponent(text)]
  } catch {
    return []
  }
}

export function allBut(key: string): string {
  return ALL_BUT + key
}

// The columns that are meant; keys of columns that there are not mean nothing.
export function groupColumns<C extends Cell>(by: string[], columns: C[]): C[] {
  const meant = by.flatMap((key) =>
    key.startsWith(ALL_BUT)
      ? columns.filter((each) => each.key.startsWith(PARAMETER) && each.key !== key.slice(1))
      : columns.filter((each) => each.key === key),
  )
  return [...new Set(meant)]
}

export function groupsOf(rows: number[], by: Cell[]): RowGroup[] {
  const found = new Map<string, RowGroup>()
  for (const row of rows) {
    const values = by.map((column) => column.at(row))
    const id = JSON.stringify(values.map(String))
    const known = found.get(id)
    if (known) known.rows.push(row)
    else found.set(id, { id, title: '', rows: [row] })
  }
  const telling = by.filter((_, at) => new Set([...found.keys()].map((id) => JSON.parse(id)[at])).size > 1)
  const named = telling.length > 0 ? telling : by
  return [...found.values()].map((group) => ({
    ...group,
    title: named.map((each) => said(each, group.rows)).join(', '),
  }))
}

function said(column: Cell, rows: number[]): string {
  const value = column.at(rows[0] as number)
  const text = typeof value === 'number' ? formatNumber(value) : value
  return `${column.label} ${text === '' ? 'not set' : text}`
}

// Of the numbers among them; the deviation is that of a sample, so one value has none.
export function spread(values: number[]): Spread {
  const there = values.filter((value) => !Number.isNaN(value))
  const count = there.length
  const mean = count ? there.reduce((sum, value) => sum + value, 0) / count : Number.NaN
  const square = there.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return {
    count,
    mean,
    deviation: count > 1 ? Math.sqrt(square / (count - 1)) : Number.NaN,
    min: count ? there.reduce((least, value) => Math.min(least, value)) : Number.NaN,
    max: count ? there.reduce((most, value) => Math.max(most, value)) : Number.NaN,
  }
}

// A column of groups instead of rows, so that groups are put in order as rows are.
export function ofGroups<C extends Cell>(column: C, groups: RowGroup[], aggregate: Aggregate): C {
  const kept = new Map<number, number | string>()
  const at = (group: number) => {
    const before = kept.get(group)
    if (before !== undefined) return before
    const rows = groups[group]?.rows ?? []
    const made = column.numbers ? spread(rows.map((row) => column.at(row) as number))[aggregate] : common(column, rows)
    kept.set(group, made)
    return made
  }
  return { ...column, at }
}

// What all rows say, or how many different things they say.
export function common(column: Cell, rows: number[]): string {
  const values = new Set(rows.map((row) => String(column.at(row))))
  return values.size === 1 ? (values.values().next().value as string) : `${values.size} values`
}
