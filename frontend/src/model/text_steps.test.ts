import { expect, test } from 'vitest'
import { readSteps, stepOf, withStep } from './text_steps'

const [one, other] = [
  { run: 'a/b', tag: 'note' },
  { run: 'a', tag: 'b/note' },
]

test('each text keeps its own step, and the newest one needs none', () => {
  const first = withStep(readSteps(''), one, 3)
  const both = readSteps(withStep(readSteps(first), other, -1))
  expect([stepOf(both, one), stepOf(both, other)]).toEqual([3, -1])
  expect(readSteps(withStep(both, one, null)).size).toBe(1)
  expect(withStep(readSteps(first), one, null)).toBe('')
})

test('what cannot be read says nothing', () => {
  for (const text of ['a', 'a~', '~1', 'a~x', 'a~1.5', ',,', 'A~1']) expect(readSteps(text).size).toBe(0)
})
