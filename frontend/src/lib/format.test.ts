import { expect, test } from 'vitest'
import { count, formatBytes, formatDuration, formatNumber } from './format'

test.each([
  [Number.NaN, ''],
  [0, '0'],
  [32, '32'],
  [0.123456789, '0.12346'],
  [0.00001234, '1.234e-5'],
  [12345678.9, '1.235e+7'],
  [Number.POSITIVE_INFINITY, '∞'],
])('formatNumber(%s)', (value, text) => {
  expect(formatNumber(value)).toBe(text)
})

test.each([
  [Number.NaN, ''],
  [59.4, '59 s'],
  [61, '1 min 1 s'],
  [7265, '2 h 1 min'],
])('formatDuration(%s)', (value, text) => {
  expect(formatDuration(value)).toBe(text)
})

test('one is one', () => {
  expect([count(1, 'run'), count(2, 'run')]).toEqual(['1 run', '2 runs'])
})

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [123_456, '123 kB'],
  [4_560_000, '4.6 MB'],
  [5e15, '5000 TB'],
])('formatBytes(%s)', (size, text) => {
  expect(formatBytes(size)).toBe(text)
})
