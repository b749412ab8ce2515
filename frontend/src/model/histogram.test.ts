import { expect, test } from 'vitest'
import { histogram } from './histogram'

test('the greatest value lies in the last part; what is missing or endless in none', () => {
  expect(histogram([0, 1, 2, 4, Number.NaN, Number.POSITIVE_INFINITY], 4)).toEqual([1, 1, 1, 1])
  expect(histogram([3, 3], 4)).toEqual([2])
  expect(histogram([Number.NaN], 4)).toEqual([])
})
