import { expect, test } from 'vitest'
import { aligned } from './aligned'
import { USUAL } from './chart_options'
import type { Curve } from './curve'

const curve = (id: string, step: number[], value: number[], wall = step, low = value, high = value): Curve => ({
  id,
  name: id,
  stroke: '#000000',
  dash: [],
  step: Float64Array.from(step),
  wall: Float64Array.from(wall),
  value: Float64Array.from(value),
  low: Float64Array.from(low),
  high: Float64Array.from(high),
})
const same = (values: Float64Array) => values
const drawn = (curves: Curve[], options = {}) => {
  const { data, ...rest } = aligned(curves, same, { ...USUAL, ...options })
  return { data: [...data].map((column) => [...column]), ...rest }
}

test('curves of different steps share one axis; a line has nothing where it has no point', () => {
  const { data } = drawn([curve('a', [0, 10, 20], [1, 2, 3]), curve('b', [5, 10], [8, 9])])
  expect(data).toEqual([
    [0, 5, 10, 20],
    [1, null, 2, 3],
    [null, 8, 9, null],
  ])
})

test('curves of the same steps keep them', () => {
  const step = [0, 1, 2]
  expect(drawn([curve('a', step, [1, 2, 3]), curve('b', step, [4, Number.NaN, 6])]).data).toEqual([
    step,
    [1, 2, 3],
    [4, null, 6],
  ])
})

test('a clock that goes back moves no value to another place', () => {
  const { data } = drawn([curve('a', [0, 1, 2], [1, 2, 3], [10, 30, 20])], { axis: 'wall' })
  expect(data).toEqual([
    [10, 20, 30],
    [1, 3, 2],
  ])
})

test('times begin at zero, and what a logarithm does not know is left out', () => {
  const { data } = drawn([curve('a', [0, 1], [0, 2], [100, 130])], { axis: 'relative', log: true })
  expect(data).toEqual([
    [0, 30],
    [null, 2],
  ])
})

test('smoothing leaves the line behind, faintly', () => {
  const { lines } = drawn([curve('a', [0, 1], [1, 2])], { smoothing: 0.6 })
  expect(lines.map(({ raw, stroke, width }) => [raw, stroke, width])).toEqual([
    [true, '#00000055', 1],
    [false, '#000000', 2],
  ])
})

test('many lines are thin', () => {
  const many = Array.from({ length: 41 }, (_, at) => curve(String(at), [0, 1], [at, at]))
  expect(drawn(many).lines[0]?.width).toBe(1)
  expect(drawn(many.slice(1)).lines[0]?.width).toBe(2)
})

test('a band is there where points stand for many', () => {
  expect(drawn([curve('a', [0, 1], [1, 2])]).bands).toEqual([])
  const { bands } = drawn([curve('a', [0, 9], [1, 2], [0, 9], [0, 2], [5, 2])])
  const [{ low, high, ...band }] = bands as [(typeof bands)[0] & object]
  expect({ ...band, low: [...low], high: [...high] }).toEqual({ id: 'a', stroke: '#000000', low: [0, 2], high: [5, 2] })
})

test('a curve that has a number at each place is drawn from its own numbers', () => {
  const whole = curve('a', [0, 1, 2], [1, 2, 3])
  const { data } = aligned([whole, curve('b', [0, 1, 2], [-1, 2, 3])], same, { ...USUAL, log: true })
  expect(data[1]).toBe(whole.value)
  expect(data[2]).toEqual([null, 2, 3])
})

test('a curve as long as the axis is not taken for one that has all of it', () => {
  const { data } = drawn([curve('a', [0, 0, 1], [1, 2, 3]), curve('b', [2], [9])])
  expect(data).toEqual([
    [0, 1, 2],
    [2, 3, null],
    [null, null, 9],
  ])
})
