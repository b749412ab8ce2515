import { expect, test } from 'vitest'
import { timeSeriesQuery } from './time_series'

test('the filter means these runs and no others', () => {
  const query = timeSeriesQuery(['a+b/train', 'x.y'])
  const filter = new RegExp(new URLSearchParams(query.slice(0, query.indexOf('#'))).get('runFilter') ?? '')
  expect(['a+b/train', 'x.y', 'xzy', 'aab/train', 'a+b/train2'].filter((run) => filter.test(run))).toEqual([
    'a+b/train',
    'x.y',
  ])
})
