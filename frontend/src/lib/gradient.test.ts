import { expect, test } from 'vitest'
import { colourOf, STEPS, stepOf } from './gradient'

test('the ends are the ends, and what has no place is grey', () => {
  expect([stepOf(0), stepOf(1), stepOf(2), stepOf(-1), stepOf(Number.NaN)]).toEqual([0, STEPS - 1, STEPS - 1, 0, -1])
  expect([colourOf(0, false), colourOf(STEPS - 1, false), colourOf(-1, false)]).toEqual([
    '#08306b',
    '#7f2704',
    '#4d4d4d',
  ])
  expect(new Set(Array.from({ length: STEPS }, (_, step) => colourOf(step, true))).size).toBeGreaterThan(STEPS / 2)
})
