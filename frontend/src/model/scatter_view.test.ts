import { expect, test } from 'vitest'
import { read, usual, written } from './scatter_view'

const column = (key: string, kind: string, values: (number | string)[]) => ({
  key,
  kind,
  label: key.slice(2),
  numbers: typeof values[0] === 'number',
  at: (row: number) => values[row] as number | string,
})

test('a view stands in an address and comes back', () => {
  const view = { x: 'p:a,b', y: 'm:loss', xLog: true, yLog: null, asTable: true }
  expect(read(written(view))).toEqual(view)
  expect(read('')).toEqual({ x: '', y: '', xLog: null, yLog: null, asTable: false })
  expect(read('%,m%3Aloss,ylin')).toEqual({ x: '', y: 'm:loss', xLog: null, yLog: false, asTable: false })
})

test('at first a parameter that varies, against the metric that tells what is better', () => {
  const columns = [
    column('p:same', 'parameter', [1, 1]),
    column('p:opt', 'parameter', ['adam', 'sgd']),
    column('p:lr', 'parameter', [1, 2]),
    column('m:speed', 'metric', [3, 4]),
    column('m:val/loss', 'metric', [5, 6]),
  ]
  const { x, y } = usual(columns, [0, 1])
  expect([x?.key, y?.key]).toEqual(['p:lr', 'm:val/loss'])
  expect(usual([], [])).toEqual({ x: undefined, y: undefined })
})
