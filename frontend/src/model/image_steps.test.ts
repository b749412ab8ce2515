import { expect, test } from 'vitest'
import { newestUpTo, read, stepsOf, written } from './image_steps'

const points = (...steps: number[]) => steps.map((step) => ({ step }))

test('steps of all are one row, each once', () => {
  expect(stepsOf([points(9, 1), points(1, 4), []])).toEqual([1, 4, 9])
})

test('the newest image up to a step stands for it, and before the first there is none', () => {
  expect(newestUpTo(points(1, 4, 9), 8)).toEqual({ step: 4 })
  expect(newestUpTo(points(4, 9), 3)).toBeNull()
  const [first, second] = [{ step: 2 }, { step: 2 }]
  expect(newestUpTo([first, second], 2)).toBe(second)
})

test.each([
  { label: '', step: null, sample: 0, swipe: null },
  { label: 'validation/roc.2', step: 19, sample: 3, swipe: 40 },
  { label: '<img src=x>\n.', step: -4, sample: 0, swipe: 0 },
])('what is written is read again: %j', (shown) => {
  expect(read(written(shown))).toEqual(shown)
})

test.each(['', 'nonsense', '1', '-..', '9'.repeat(400)])('anything can be read: %s', (text) => {
  expect(read(text).step).toBeNull()
  expect(read(text).sample).toBe(0)
  expect(read(text).swipe).toBeNull()
})
