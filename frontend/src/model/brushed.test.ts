import { expect, test } from 'vitest'
import { type Brush, passing } from './axes'
import { filterOf } from './brushed'
import { parseQuery } from './query'

const column = (key: string, label: string, values: (number | string)[]) => ({
  key,
  label,
  kind: key.startsWith('p:') ? 'parameter' : 'metric',
  numbers: typeof values[0] === 'number',
  at: (row: number) => values[row] as number | string,
})
const COLUMNS = [
  column('p:lr', 'lr', [1e-7, 0.01, 0.1, Number.NaN]),
  column('p:opt', 'opt', ['adam', 'Big one', 'sgd', '']),
  column('p:loss', 'loss', [1, 2, 3, 4]),
  column('m:loss', 'loss', [0.4, 0.3, 0.2, 0.1]),
  column('m:top <1', 'top <1', [1, 2, 3, 4]),
  column('p:sizes', 'sizes', ['[1, 2]', '[2]', '[3]', '']),
]
const ROWS = [0, 1, 2, 3]

test.each<[string, Brush[]]>([
  ['a range', [{ key: 'p:lr', from: 1e-7, to: 0.05 }]],
  [
    'open ends',
    [
      { key: 'm:loss', from: 0.2, to: null },
      { key: 'p:lr', from: null, to: 0.05 },
    ],
  ],
  ['names', [{ key: 'p:opt', from: 'adam', to: 'Big one' }]],
  ['a title that two columns have', [{ key: 'm:loss', from: 0.15, to: 0.35 }]],
  ['a title with a sign', [{ key: 'm:top <1', from: 2, to: null }]],
  ['nothing', [{ key: 'p:lr', from: null, to: null }]],
  ['a column that there is not', [{ key: 'p:gone', from: 1, to: 2 }]],
])('%s lets the same rows through', (_, brushes) => {
  const query = parseQuery(filterOf(brushes, COLUMNS, ROWS) as string, COLUMNS)
  expect(query.ok && ROWS.filter(query.test)).toEqual(passing(ROWS, COLUMNS, brushes))
})

test('what no filter can say is not said', () => {
  expect(filterOf([{ key: 'p:sizes', from: '[1, 2]', to: '[2]' }], COLUMNS, ROWS)).toBeNull()
})
