import { expect, test } from 'vitest'
import { linear, logarithmic, named } from './scale'

test.each([linear(-3, 8, String), logarithmic(1e-5, 0.3, String), linear(2, 2, String), logarithmic(7, 7, String)])(
  'a place is where its value is',
  (scale) => {
    for (const at of [0, 0.25, 1]) expect(scale.place(scale.value(at))).toBeCloseTo(at, 9)
    for (const tick of scale.ticks) {
      expect(tick.place).toBeGreaterThanOrEqual(-1e-6)
      expect(tick.place).toBeLessThanOrEqual(1 + 1e-6)
    }
  },
)

test('marks are round', () => {
  expect(linear(0, 1, String).ticks.map((tick) => tick.text)).toEqual(['0', '0.2', '0.4', '0.6', '0.8', '1'])
  expect(logarithmic(1e-4, 0.1, String).ticks.map((tick) => tick.text)).toEqual(['0.0001', '0.001', '0.01', '0.1'])
})

test('what cannot stand on an axis has no place', () => {
  expect(linear(0, 1, String).place('x')).toBeNaN()
  expect(linear(0, 1, String).place(Number.NaN)).toBeNaN()
  expect(logarithmic(1, 2, String).place(0)).toBeNaN()
  expect(named(['a', '__proto__']).place('b')).toBeNaN()
})

test('names stand at equal distances', () => {
  const scale = named(['a', 'b', '__proto__'])
  expect([scale.place('a'), scale.place('b'), scale.place('__proto__')]).toEqual([0, 0.5, 1])
  expect([scale.value(0.6), scale.value(7), named(['only']).place('only')]).toEqual(['b', '__proto__', 0.5])
})
