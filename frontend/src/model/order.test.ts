import { expect, test } from 'vitest'
import { readSort, sorted, sortText, turned } from './order'

const COLUMNS = [
  { key: 'n', at: (row: number) => [3, Number.NaN, 1, 3][row] ?? 0 },
  { key: 't', at: (row: number) => ['b10', 'b9', '', 'a'][row] ?? '' },
]

test('missing values are last both ways, equal ones keep their place', () => {
  expect(sorted([0, 1, 2, 3], [{ key: 'n', down: false }], COLUMNS)).toEqual([2, 0, 3, 1])
  expect(sorted([0, 1, 2, 3], [{ key: 'n', down: true }], COLUMNS)).toEqual([0, 3, 2, 1])
  expect(sorted([0, 1, 2, 3], [{ key: 't', down: false }], COLUMNS)).toEqual([3, 1, 0, 2])
})

test('two keys, and an unknown one', () => {
  const keys = [
    { key: 'n', down: true },
    { key: 't', down: false },
    { key: 'gone', down: false },
  ]
  expect(sorted([0, 1, 2, 3], keys, COLUMNS)).toEqual([3, 0, 2, 1])
})

test('a header turns up, down, off', () => {
  const up = turned([], 'a', false)
  const down = turned(up, 'a', false)
  expect([up, down, turned(down, 'a', false)]).toEqual([[{ key: 'a', down: false }], [{ key: 'a', down: true }], []])
  expect(turned(up, 'b', true)).toEqual([
    { key: 'a', down: false },
    { key: 'b', down: false },
  ])
})

test('a sort stands in an address and comes back', () => {
  const keys = [
    { key: 'm:val/loss, all', down: true },
    { key: 'name', down: false },
  ]
  expect(readSort(sortText(keys))).toEqual(keys)
  expect(readSort('')).toEqual([])
  expect(readSort('%,-name')).toEqual([{ key: 'name', down: true }])
})
