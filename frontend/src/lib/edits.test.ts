import { expect, test } from 'vitest'
import { changed, untouched } from './edits'

const seen = { description: 'why', tags: ['best'], archived: false, version: 1 }

test('a change passes when somebody changed something else meanwhile', () => {
  expect(untouched({ description: 'because' }, seen, { ...seen, tags: ['best', 'v2'], version: 2 })).toBe(true)
  expect(untouched({ archived: true }, seen, { ...seen, description: 'theirs', version: 7 })).toBe(true)
})

test('a change does not pass when somebody changed the same', () => {
  expect(untouched({ description: 'mine' }, seen, { ...seen, description: 'theirs' })).toBe(false)
  expect(untouched({ tags: ['mine'] }, seen, { ...seen, tags: ['best', 'theirs'] })).toBe(false)
  expect(untouched({ description: 'mine', archived: true }, seen, { ...seen, archived: true })).toBe(false)
})

test('only what somebody wants otherwise is a change', () => {
  expect(changed({ ...seen, description: 'because', tags: ['best'] }, seen)).toEqual({ description: 'because' })
  expect(changed(seen, seen)).toEqual({})
})
