import { expect, test } from 'vitest'
import { smoothed } from './smoothing'

test('a constant stays what it is, from its first point on', () => {
  for (const value of smoothed([3, 3, 3, 3], 0.9)) expect(value).toBeCloseTo(3, 12)
})

test('without weight nothing changes, and what is no number stays', () => {
  expect([...smoothed([1, 5, 2], 0)]).toEqual([1, 5, 2])
  const [first, missing, last] = smoothed([1, Number.NaN, 1], 0.5)
  expect([first, last]).toEqual([1, 1])
  expect(missing).toBeNaN()
})

test('two points by hand', () => {
  const [, second] = smoothed([0, 1], 0.5)
  expect(second).toBeCloseTo(0.5 / 0.75, 12)
})
