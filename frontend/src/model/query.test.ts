import { expect, test } from 'vitest'
import { type Cell, completions, parseQuery } from './query'

const column = (key: string, values: (number | string)[]): Cell => ({
  key,
  label: key,
  numbers: typeof values[0] === 'number',
  at: (row) => values[row] ?? '',
})
// A moment by the clock of whoever looks, Unix seconds.
function at(year: number, month: number, day: number, hour: number, minute: number): number {
  return new Date(year, month - 1, day, hour, minute).getTime() / 1000
}
const COLUMNS = [
  column('name', ['Adam small', 'sgd large', 'sgd __proto__']),
  column('state', ['finished', 'failed', 'finished']),
  { ...column('val/loss', [0.1, 0.5, Number.NaN]), nan: (row: number) => row === 2 },
  column('tags', ['best, old', '', 'best of all']),
  column('batch size', [16, 32, 64]),
  column('acc=top<1', [0.5, 0.7, 0.9]),
  column('started', [at(2026, 11, 4, 23, 59), at(2026, 11, 5, 0, 0), at(2026, 11, 6, 0, 0)]),
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
  ['status=failed', [1]],
  ['not state=failed', [0, 2]],
  ['not sgd not small', []],
  ['not val/loss<0.2', [1, 2]],
  ['val/loss in [0.1,0.3]', [0]],
  ['val/loss in [0.05, 1] sgd', [1]],
  ['not val/loss in [0,0.2] sgd', [1, 2]],
  ['state in [failed, running]', [1]],
  ['tag:best', [0]],
  ['tag:"best of all"', [2]],
  ['not tag:best', [1, 2]],
  ['"adam small"', [0]],
  ['"batch size">=32', [1, 2]],
  ['"acc=top<1">0.6', [1, 2]],
  ['acc=top<1>=0.9', [2]],
  ['"acc=top<1"', []],
  ['started=2026-11-05', [1]],
  ['started!=2026-11-05', [0, 2]],
  ['started>2026-11-05', [2]],
  ['started>=2026-11-05', [1, 2]],
  ['started<2026-11-05', [0]],
  ['started<=2026-11-05', [0, 1]],
  ['started=2026-11', [0, 1, 2]],
  ['started>2026-11-04T23:59', [1, 2]],
  [`started>${at(2026, 11, 5, 0, 0)}`, [2]],
  ['val/loss=nan', [2]],
  ['val/loss!=NaN', [0, 1]],
  ['"batch size"=nan', []],
  ['not', []],
  ['in', [0, 2]],
])('%s', (text, expected) => {
  expect(rows(text)).toEqual(expected)
})

test.each([
  ['nothing<1', 'There is no column'],
  ['val/loss<x', 'holds numbers'],
  ['val/loss<', 'Type a value'],
  ['state<failed', 'compare it with'],
  ['nothing in [1,2]', 'There is no column'],
  ['started>yesterday', 'like 2026-11-30'],
  ['val/loss in [1', 'Close'],
  ['val/loss in [1]', 'in [least,greatest]'],
  ['val/loss in [a,b]', 'in [least,greatest]'],
  ['tag:', 'Type a tag'],
])('%s is explained', (text, part) => {
  expect(rows(text)).toContain(part)
})

test.each([
  ['', []],
  ['sgd val', ['sgd val/loss<']],
  ['state=f', ['state=failed', 'state=finished']],
  ['not state!=fa', ['not state!=failed']],
  ['size', ['"batch size"<']],
  ['acc', ['"acc=top<1"<']],
  ['val/loss<0', []],
])('“%s” may go on', (text, expected) => {
  expect(completions(text, COLUMNS, 3)).toEqual(expected)
})

test('not too many are offered', () => {
  const many = Array.from({ length: 100 }, (_, number) => column(`m${number}`, [1]))
  expect(completions('m', many, 1)).toHaveLength(20)
})

test.each(['constructor', '__proto__', 'toString', 'hasOwnProperty'])('a column may be called %s', (name) => {
  const query = parseQuery(`${name}=b`, [column(name, ['a', 'b'])])
  expect(query.ok && [0, 1].filter(query.test)).toEqual([1])
})

test('a parameter and a metric that are called the same are told apart', () => {
  const column = (key: string, value: number) => ({ key, label: 'loss', numbers: true, at: () => value })
  const both: Cell[] = [column('p:loss', 3), column('m:loss', 0.1)]
  expect(completions('lo', both, 1)).toEqual(['loss<', 'm:loss<'])
  const found = parseQuery('m:loss<1', both)
  expect(found.ok && found.test(0)).toBe(true)
})
