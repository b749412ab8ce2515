import { expect, test } from 'vitest'
import { readingOf } from './reading'

const at = { files: 200, files_done: 50, bytes: 1000, bytes_done: 399 }

test.each([
  ['none', ''],
  ['complete', ''],
  ['starting', 'Looking for logs…'],
  ['indexing', 'Reading logs: 50 of 200 files, 39 %. Values appear as they are read.'],
  ['reading', 'Reading logs: 50 of 200 files, 39 %. Values appear as they are read.'],
])('while the index is %s', (state, text) => {
  expect(readingOf({ state, ...at })).toBe(text)
})

test('of empty files no share is done', () => {
  expect(readingOf({ state: 'reading', files: 1, files_done: 0, bytes: 0, bytes_done: 0 })).toContain(' 0 %')
})

test('whoever is not told of how many files is told of none', () => {
  expect(readingOf({ state: 'reading', files: 0, files_done: 0, bytes: 0, bytes_done: 0 })).toBe(
    'Reading logs. Values appear as they are read.',
  )
})
