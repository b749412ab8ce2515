// The columns of metrics: for each its last, best, least, greatest and first value and how many there are, as far as they were read.
import type { Goal } from './layout'
import type { Cell } from './query'

export type Statistic = 'last' | 'best' | 'min' | 'max' | 'first' | 'count'
export type MetricPart = { label: string; statistic: Statistic }

export const STATISTICS: Record<Statistic, string> = {
  last: 'last',
  best: 'best',
  min: 'least',
  max: 'greatest',
  first: 'first',
  count: 'points',
}
const PREFIX = /^(m|best|min|max|first|count):(.*)$/s
const ASKED = /(?:^|[\s,"^+~*-])(best|min|max|first|count)(?::|%3A)/g
// As titles of columns say it.
const TITLED = /\((best|least|greatest|first|points)\)/g
const NEEDED: Record<string, string[]> = {
  best: ['min', 'max'],
  min: ['min'],
  max: ['max'],
  first: ['first'],
  count: ['count'],
}

export function keyOf(label: string, statistic: Statistic): string {
  return `${statistic === 'last' ? 'm' : statistic}:${label}`
}

// Which metric and which of its values a column holds; null for any other column.
export function partOf(key: string): MetricPart | null {
  const found = PREFIX.exec(key)
  if (!found) return null
  return { label: found[2] as string, statistic: found[1] === 'm' ? 'last' : (found[1] as Statistic) }
}

// What the table's route must be asked for, given all texts that name columns: a layout, a sort, a filter.
export function statisticsFor(texts: string[]): string {
  const named = texts.flatMap((text) => [
    ...[...text.matchAll(ASKED)].map((found) => found[1] as string),
    ...[...text.matchAll(TITLED)].map((found) => statisticOf(found[1] as string)),
  ])
  const needed = new Set(named.flatMap((name) => NEEDED[name] ?? []))
  if (needed.size === 0) return 'last'
  return ['last', ...[...needed].sort(), 'steps'].join(',')
}

function statisticOf(title: string): string {
  return (Object.keys(STATISTICS) as Statistic[]).find((each) => STATISTICS[each] === title) ?? ''
}

type Column = Cell & { kind: string; title?: (row: number) => string }

// The same columns with those of a metric side by side, under labels that tell them apart, and its best value by its goal.
export function withStatistics<C extends Column>(columns: C[], goalOf: (label: string) => Goal): C[] {
  const byKey = new Map(columns.map((column) => [column.key, column]))
  const others = columns.filter((column) => column.kind !== 'metric')
  const lasts = columns.filter((column) => partOf(column.key)?.statistic === 'last')
  const metrics = lasts.flatMap((last) => {
    const { label } = last
    const read = (statistic: Statistic): C[] => {
      const goal = goalOf(label)
      const source = statistic !== 'best' ? statistic : goal && (goal === 'up' ? 'max' : 'min')
      const found = source && byKey.get(keyOf(label, source))
      if (!found) return []
      if (statistic === 'last') return [{ ...found, ...stepped(byKey.get(`last_step:${label}`)) }]
      const named = { key: keyOf(label, statistic), label: `${label} (${STATISTICS[statistic]})` }
      return [{ ...found, ...named, ...stepped(byKey.get(`${source}_step:${label}`)) }]
    }
    return (Object.keys(STATISTICS) as Statistic[]).flatMap(read)
  })
  return [...others, ...metrics]
}

function stepped(steps: Column | undefined): { title?: (row: number) => string } {
  if (!steps) return {}
  return { title: (row) => (Number.isNaN(steps.at(row)) ? '' : `at step ${steps.at(row)}`) }
}
