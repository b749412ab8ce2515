import { expect, test } from 'vitest'
import { attributes, goalOf, judged } from './comparison'

const column = (key: string, kind: string, values: (number | string)[]) => ({
  key,
  label: key,
  kind,
  numbers: typeof values[0] === 'number',
  at: (row: number) => values[row] as number | string,
})

test('what nobody has is left out, and what all have alike is marked', () => {
  const columns = [
    column('name', 'system', ['a', 'b']),
    column('lr', 'parameter', [0.1, 0.2]),
    column('seed', 'parameter', [1, 1]),
    column('gone', 'parameter', [Number.NaN, Number.NaN]),
    column('loss', 'metric', [Number.NaN, 0.5]),
  ]
  expect(attributes(columns, [0, 1]).map(({ key, same }) => [key, same])).toEqual([
    ['lr', false],
    ['seed', true],
    ['loss', false],
  ])
})

test.each([
  ['validation/epoch_loss', 'down'],
  ['val/mae', 'down'],
  ['epoch_accuracy', 'up'],
  ['f1', 'up'],
  ['learning_rate', null],
])('goalOf(%s)', (label, goal) => {
  expect(goalOf(label)).toBe(goal)
})

test('less loss is better, more accuracy too, and of others nothing is said', () => {
  expect([
    judged(goalOf('loss'), -1),
    judged(goalOf('loss'), 1),
    judged(goalOf('accuracy'), 1),
    judged(goalOf('lr'), 1),
    judged(goalOf('loss'), 0),
  ]).toEqual(['better', 'worse', 'better', '', ''])
})
