import { expect, test } from 'vitest'
import { read, USUAL, written } from './chart_options'

test.each([
  USUAL,
  { axis: 'relative', log: true, smoothing: 0.6 } as const,
  { axis: 'wall', log: false, smoothing: 0.95 } as const,
])('what is written is read again: %j', (options) => {
  expect(read(written(options))).toEqual(options)
})

test.each(['', 'nonsense', 's9', '<script>', 's0.5.log.step'])('anything can be read: %s', (text) => {
  const options = read(text)
  expect(options.smoothing).toBeLessThanOrEqual(0.99)
  expect(['step', 'relative', 'wall']).toContain(options.axis)
})
