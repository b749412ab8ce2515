// Rows put together by what some columns say, each group with its mean or another value of every column of numbers.
import { decoded } from '../lib/decoded'
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
  const by = keys.split(',').map(decoded).filter(Boolean)
  return { by, aggregate: Object.hasOwn(AGGREGATES, aggregate) ? (aggregate as Aggregate) : 'mean' }
}

export function groupingText({ by, aggregate }: Grouping): string {
  if (by.length === 0) return ''
  return by.map(encodeURIComponent).join(',') + (aggregate === 'mean' ? '' : `;${aggregate}`)
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
  const found: RowGroup[] = []
  const places = by.map(() => new Map<number | string, number>())
  // Column by column a row's place is narrowed down, so that nothing longer than a value is ever compared.
  const steps = by.map(() => new Map<number, number>())
  for (const row of rows) {
    let place = 0
    by.forEach((column, at) => {
      const value = numberOf(places[at] as Map<number | string, number>, column.at(row))
      place = numberOf(steps[at] as Map<number, number>, place * rows.length + value)
    })
    const known = found[place]
    if (known) known.rows.push(row)
    else found.push({ id: idOf(row, by), title: '', rows: [row] })
  }
  const telling = by.filter((_, at) => (places[at] as Map<number | string, number>).size > 1)
  const named = telling.length > 0 ? telling : by
  return found.map((group) => ({
    ...group,
    // Said when it is looked at: of many groups few are in sight.
    get title() {
      return named.map((each) => said(each, group.rows)).join(', ')
    },
  }))
}

function numberOf<K>(numbers: Map<K, number>, key: K): number {
  const known = numbers.get(key)
  if (known !== undefined) return known
  numbers.set(key, numbers.size)
  return numbers.size - 1
}

function idOf(row: number, by: Cell[]): string {
  return JSON.stringify(by.map((column) => String(column.at(row))))
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
  const at = (place: number) => {
    const group = groups[place] as RowGroup
    return column.numbers ? spreadOf(column, group)[aggregate] : common(column, group.rows)
  }
  return { ...column, at }
}

const spreads = new WeakMap<RowGroup, Map<Cell, Spread>>()

// Reckoned once for each group and column, however often they are put in order or drawn.
export function spreadOf(column: Cell, group: RowGroup): Spread {
  const known = spreads.get(group) ?? new Map<Cell, Spread>()
  spreads.set(group, known)
  const found = known.get(column) ?? spread(group.rows.map((row) => column.at(row) as number))
  known.set(column, found)
  return found
}

// Rows as they come, whatever order they are shown in; the same list as before if they are the same, so that nothing is reckoned anew.
export function asTheyCome(rows: number[], before: number[]): number[] {
  const fresh = [...Int32Array.from(rows).sort()]
  return fresh.length === before.length && fresh.every((row, at) => row === before[at]) ? before : fresh
}

// What all rows say, or how many different things they say.
export function common(column: Cell, rows: number[]): string {
  const values = new Set(rows.map((row) => String(column.at(row))))
  return values.size === 1 ? (values.values().next().value as string) : `${values.size} values`
}
