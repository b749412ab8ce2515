import { expect, test } from 'vitest'
import { type Cell, parseQuery } from './query'

const column = (key: string, values: (number | string)[]): Cell => ({
  key,
  label: key,
  numbers: typeof values[0] === 'number',
  at: (row) => values[row] ?? '',
})
const COLUMNS = [
  column('name', ['Adam small', 'sgd large', 'sgd __proto__']),
  column('state', ['finished', 'failed', 'finished']),
  column('val/loss', [0.1, 0.5, Number.NaN]),
]
const rows = (text: string) => {
  const query = parseQuery(text, COLUMNS)
  return query.ok ? [0, 1, 2].filter(query.test) : query.message
}

test.each([
  ['', [0, 1, 2]],
  ['SGD', [1, 2]],
  ['sgd fail', [1]],
  ['val/loss<0.2', [0]],
  ['val/loss>=0.1', [0, 1]],
  ['state=failed', [1]],
  ['state!=failed', [0, 2]],
  ['__proto__', [2]],
])('%s', (text, expected) => {
  expect(rows(text)).toEqual(expected)
})

test.each([
  ['nothing<1', 'There is no column'],
  ['val/loss<x', 'holds numbers'],
  ['val/loss<', 'Type a value'],
  ['state<failed', 'compare it with'],
])('%s is explained', (text, part) => {
  expect(rows(text)).toContain(part)
})
