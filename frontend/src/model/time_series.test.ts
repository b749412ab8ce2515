import { expect, test } from 'vitest'
import { ownTabQuery, timeSeriesQuery } from './time_series'

const RUNS = ['a+b/train', 'x.y', 'xzy', 'aab/train', 'a+b/train2']
const passing = (filter: string | null | undefined) => RUNS.filter((run) => new RegExp(filter ?? '').test(run))

test('the filter means these runs and no others', () => {
  const query = timeSeriesQuery(['a+b/train', 'x.y'])
  expect(passing(new URLSearchParams(query.slice(0, query.indexOf('#'))).get('runFilter'))).toEqual([
    'a+b/train',
    'x.y',
  ])
})

test('a tab of the older kind has the filter in its fragment, and the graph its run', () => {
  const [tab, filter] = ownTabQuery('histograms', ['x.y']).split('#')[1]?.split('&regexInput=') ?? []
  expect([tab, passing(decodeURIComponent(filter ?? ''))]).toEqual(['histograms', ['x.y']])
  expect(ownTabQuery('graphs', ['a&b=c']).endsWith('#graphs&run=a%26b%3Dc')).toBe(true)
})
