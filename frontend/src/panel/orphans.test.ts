import { expect, test } from 'vitest'
import type { Note } from '../api/remarks'
import { draftAt, draftPlaces, keepDraft } from '../lib/drafts'
import { withSessionStorage } from '../lib/session_storage'
import { takeOrphans } from './orphans'
import { type Gateway, placeOf } from './use_said'

const [GONE, THERE] = ['0123456789abcdef', 'fedcba9876543210']
const by = (id: string) => ({ api: '/api/v1/projects/p', caller: { id, name: 'Ann' } }) as Gateway
const notes = [{ id: THERE }] as Note[]

withSessionStorage()

const write = (caller: string, experiment: string, what: string, text: string) =>
  keepDraft(placeOf(by(caller), experiment, what), { text, from: 'was' })

test('what was written into a note that is gone goes on as a new one, after what stands there', () => {
  write('ann', 'one', 'note', 'begun')
  write('ann', 'one', GONE, 'changed')
  expect(takeOrphans(by('ann'), 'one', notes)).toBe('begun\n\nchanged')
  expect(draftAt(placeOf(by('ann'), 'one', 'note'))?.text).toBe('begun\n\nchanged')
  expect(draftPlaces()).toEqual([placeOf(by('ann'), 'one', 'note')])
  expect(takeOrphans(by('ann'), 'one', notes)).toBeNull()
})

test('drafts of notes that are there, of others, elsewhere, and of something else stay', () => {
  write('ann', 'one', THERE, 'a')
  write('ann', 'two', GONE, 'b')
  write('another Ann', 'one', GONE, 'c')
  write('ann', 'one', 'description', 'd')
  expect(takeOrphans(by('ann'), 'one', notes)).toBeNull()
  expect(draftPlaces()).toHaveLength(4)
})
