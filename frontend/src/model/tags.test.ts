import { expect, test } from 'vitest'
import { tagsOf } from './tags'

test('tags are separated by commas, and each stands once', () => {
  expect(tagsOf(' best, v2 ,,best , two words')).toEqual(['best', 'v2', 'two words'])
  expect(tagsOf('')).toEqual([])
})
