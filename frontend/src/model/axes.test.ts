import { expect, test } from 'vitest'
import { axisOf, type Column, drawable, moved, passing, telling, usualAxes, varies, within } from './axes'

const column = (key: string, kind: string, values: (number | string)[]): Column => ({
  key,
  label: key,
  kind,
  numbers: typeof values[0] === 'number',
  at: (row) => values[row] as number | string,
})
const COLUMNS = [
  column('name', 'system', ['a', 'b', 'c']),
  column('duration', 'system', [1, 2, 3]),
  column('lr', 'parameter', [1e-4, 1e-1, Number.NaN]),
  column('seed', 'parameter', [1, 1, 1]),
  column('optimizer', 'parameter', ['sgd', '', 'adam']),
  column('lr_now', 'metric', [1, 2, 3]),
  column('loss', 'metric', [1, 2, 3]),
  column('val/accuracy', 'metric', [0.1, 0.9, 0.5]),
  column('gone', 'parameter', [Number.NaN, Number.NaN, Number.NaN]),
]
const find = (key: string) => COLUMNS.find((each) => each.key === key) as Column
const ROWS = [0, 1, 2]

test('what varies comes first: parameters, then metrics that tell what is better', () => {
  expect(usualAxes(COLUMNS, ROWS)).toEqual(['lr', 'optimizer', 'val/accuracy', 'loss'])
  expect(telling(COLUMNS).map((each) => each.key)).toEqual(['val/accuracy', 'loss', 'lr_now'])
  expect([varies(find('seed'), ROWS), varies(find('lr'), [0, 2]), varies(find('lr'), [0, 1])]).toEqual([
    false,
    false,
    true,
  ])
})

test('names and empty columns are no axes', () => {
  expect(drawable(COLUMNS, ROWS).map((each) => each.key)).not.toContain('name')
  expect(drawable(COLUMNS, ROWS).map((each) => each.key)).not.toContain('gone')
  expect(drawable(COLUMNS, ROWS).map((each) => each.key)).toContain('duration')
})

test('a column over many powers of ten is logarithmic unless somebody says no', () => {
  expect([axisOf(find('lr'), ROWS, null).log, axisOf(find('lr'), ROWS, false).log]).toEqual([true, false])
  expect(axisOf(column('x', 'metric', [-1, 1000, 1]), ROWS, true)).toMatchObject({ log: false, mayLog: false })
  expect(axisOf(column('x', 'metric', [Number.POSITIVE_INFINITY, 1, 3]), ROWS, null).scale.place(3)).toBe(1)
  expect(axisOf(find('optimizer'), ROWS, null).scale.ticks.map((tick) => tick.text)).toEqual(['adam', 'sgd'])
})

test('rows pass when they lie within every choice, and what is missing lies within none', () => {
  expect(passing(ROWS, COLUMNS, [{ key: 'loss', from: 2, to: null }])).toEqual([1, 2])
  expect(passing(ROWS, COLUMNS, [{ key: 'lr', from: null, to: 1 }])).toEqual([0, 1])
  expect(
    passing(ROWS, COLUMNS, [
      { key: 'optimizer', from: 'b', to: 'sgd' },
      { key: 'loss', from: 0, to: 1 },
    ]),
  ).toEqual([0])
  expect(passing(ROWS, COLUMNS, [{ key: 'unknown', from: 1, to: 2 }])).toBe(ROWS)
  expect(within({ key: 'x', from: null, to: null }, Number.NaN)).toBe(true)
})

test('something moves to where it is put', () => {
  expect(moved(['a', 'b', 'c'], 0, 2)).toEqual(['b', 'c', 'a'])
  expect(moved(['a', 'b', 'c'], 2, 0)).toEqual(['c', 'a', 'b'])
})
