import { expect, test } from 'vitest'
import { partOf, statisticsFor, withStatistics } from './statistics'

const column = (key: string, kind: string, values: number[], label = key.slice(key.indexOf(':') + 1)) => ({
  key,
  kind,
  label,
  numbers: true,
  at: (row: number) => values[row] as number,
})

test('the route is asked for what a layout, an order or a filter names, and for nothing else', () => {
  expect(statisticsFor(['', '-m%3Aloss', 'lr<1'])).toBe('last')
  expect(statisticsFor(['+min%3Aloss', '', ''])).toBe('last,min,steps')
  expect(statisticsFor(['', '-best%3Aloss', ''])).toBe('last,max,min,steps')
  expect(statisticsFor(['', '', 'not count:loss>5'])).toBe('last,count,steps')
  expect(statisticsFor(['', '', '"loss (best)"<1'])).toBe('last,max,min,steps')
  expect(statisticsFor(['', '', '"loss (points)"<1 "a (least)">2'])).toBe('last,count,min,steps')
  expect(statisticsFor(['', '', 'admin:x best (x)'])).toBe('last')
})

test('a key tells its metric', () => {
  expect(partOf('m:val/loss')).toEqual({ label: 'val/loss', statistic: 'last' })
  expect(partOf('best:a:b')).toEqual({ label: 'a:b', statistic: 'best' })
  expect(partOf('p:min')).toBeNull()
})

test('values of a metric stand side by side; its best is the one by its goal', () => {
  const columns = [
    column('p:lr', 'parameter', [1]),
    column('m:loss', 'metric', [3]),
    column('m:acc', 'metric', [0.5]),
    column('min:loss', 'metric', [1]),
    column('min:acc', 'metric', [0.1]),
    column('max:loss', 'metric', [9]),
    column('max:acc', 'metric', [0.9]),
    column('min_step:loss', 'metric', [40]),
  ]
  const made = withStatistics(columns, (label) => (label === 'loss' ? 'down' : null))
  expect(made.map(({ key }) => key)).toEqual([
    'p:lr',
    'm:loss',
    'best:loss',
    'min:loss',
    'max:loss',
    'm:acc',
    'min:acc',
    'max:acc',
  ])
  const best = made.find(({ key }) => key === 'best:loss')
  expect([best?.label, best?.at(0)]).toEqual(['loss (best)', 1])
  expect((best as { title?: (row: number) => string }).title?.(0)).toBe('at step 40')
})
