import { expect, test } from 'vitest'
import {
  allBut,
  asTheyCome,
  common,
  groupColumns,
  groupingText,
  groupsOf,
  ofGroups,
  readGrouping,
  spread,
  spreadOf,
} from './groups'
import { sorted } from './order'

const column = (key: string, values: (number | string)[]) => ({
  key,
  label: key.replace('p:', ''),
  numbers: typeof values[0] === 'number',
  at: (row: number) => values[row] as number | string,
})
const LR = column('p:lr', [0.1, 0.01, 0.1, 0.01, 0.1])
const SEED = column('p:seed', [1, 1, 2, 2, 3])
const OPT = column('p:opt', ['adam', 'adam', 'adam', 'adam', 'sgd'])
const LOSS = column('m:loss', [1, 4, 3, Number.NaN, 9])
const COLUMNS = [LR, SEED, OPT, LOSS]

test('a grouping stands in an address and comes back', () => {
  const grouping = { by: ['p:a,b', '!p:seed'], aggregate: 'max' as const }
  expect(readGrouping(groupingText(grouping))).toEqual(grouping)
  expect(readGrouping('%;nothing')).toEqual({ by: [], aggregate: 'mean' })
  expect(readGrouping('p:lr;constructor')).toEqual({ by: ['p:lr'], aggregate: 'mean' })
  expect(groupingText({ by: [], aggregate: 'min' })).toBe('')
})

test('over seeds: the same parameters but for one', () => {
  const by = groupColumns([allBut('p:seed')], COLUMNS)
  expect(by.map(({ key }) => key)).toEqual(['p:lr', 'p:opt'])
  const groups = groupsOf([0, 1, 2, 3, 4], by)
  expect(groups.map(({ rows }) => rows)).toEqual([[0, 2], [1, 3], [4]])
  expect(groups.map(({ title }) => title)).toEqual(['lr 0.1, opt adam', 'lr 0.01, opt adam', 'lr 0.1, opt sgd'])
})

test('a title names only what tells groups apart', () => {
  expect(groupsOf([0, 1, 2], [LR, OPT]).map(({ title }) => title)).toEqual(['lr 0.1', 'lr 0.01'])
})

test('mean, sample deviation, least and greatest leave out what is missing', () => {
  expect(spread([1, 3, Number.NaN])).toEqual({ count: 2, mean: 2, deviation: Math.SQRT2, min: 1, max: 3 })
  expect(spread([Number.NaN])).toMatchObject({ count: 0, mean: Number.NaN, min: Number.NaN })
  expect(spread([5]).deviation).toBeNaN()
})

test('groups are put in order by their mean as rows are', () => {
  const groups = groupsOf([0, 1, 2, 3, 4], [LR])
  const loss = ofGroups(LOSS, groups, 'mean')
  expect([loss.at(0), loss.at(1)]).toEqual([13 / 3, 4])
  expect(sorted([0, 1], [{ key: 'm:loss', down: false }], [loss])).toEqual([1, 0])
  expect(common(OPT, [0, 1])).toBe('adam')
  expect(common(OPT, [3, 4])).toBe('2 values')
})

test('equal values are one group, and what is missing is another', () => {
  const mixed = column('p:mixed', [1, Number.NaN, 1, Number.NaN])
  expect(groupsOf([0, 1, 2, 3], [mixed]).map(({ rows }) => rows)).toEqual([
    [0, 2],
    [1, 3],
  ])
  expect(groupsOf([], [mixed])).toEqual([])
})

test('columns that hold the same numbers crosswise are told apart', () => {
  const [one, other] = [column('p:a', [1, 2, 1, 2]), column('p:b', [2, 1, 2, 2])]
  expect(groupsOf([0, 1, 2, 3], [one, other]).map(({ rows }) => rows)).toEqual([[0, 2], [1], [3]])
})

test('whatever the order, the same rows are the same list and their values are reckoned once', () => {
  const before = asTheyCome([2, 0, 1], [])
  expect(before).toEqual([0, 1, 2])
  expect(asTheyCome([1, 2, 0], before)).toBe(before)
  expect(asTheyCome([1, 2, 3], before)).toEqual([1, 2, 3])
  const [group] = groupsOf([0, 1], [OPT])
  let read = 0
  const counted = { ...LOSS, at: (row: number) => ++read && LOSS.at(row) }
  expect(group && [spreadOf(counted, group).mean, spreadOf(counted, group).max]).toEqual([2.5, 4])
  expect(read).toBe(2)
})
