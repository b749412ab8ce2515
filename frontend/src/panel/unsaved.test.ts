import { expect, test } from 'vitest'
import { dropDraft, keepDraft } from '../lib/drafts'
import { withSessionStorage } from '../lib/session_storage'
import { isWriting, PLACE_OF_NOTE } from './unsaved'
import { type Gateway, placeOf } from './use_said'

const by = (id: string, project = 'p') => ({ api: `/api/v1/projects/${project}`, caller: { id } }) as Gateway

withSessionStorage()

test('what somebody wrote and has not saved is theirs, of whatever experiment and project, until it is dropped', () => {
  expect(isWriting(by('ann'))).toBe(false)
  keepDraft(placeOf(by('ann'), 'one', 'tags'), { text: 'best', from: '' })
  expect([isWriting(by('ann')), isWriting(by('ann', 'q')), isWriting(by('bob'))]).toEqual([true, true, false])
  expect([isWriting(by('ann'), 'one'), isWriting(by('ann'), 'two')]).toEqual([true, false])
  expect(isWriting(by('ann', 'q'), 'one')).toBe(false)
  dropDraft(placeOf(by('ann'), 'one', 'tags'))
  expect(isWriting(by('ann'))).toBe(false)
})

test('what a note is to be about is no words', () => {
  keepDraft(placeOf(by('ann'), 'one', PLACE_OF_NOTE), { text: '{"steps":[1,2]}', from: '' })
  expect(isWriting(by('ann'))).toBe(false)
})
