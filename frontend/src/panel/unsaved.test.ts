import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { dropDraft, keepDraft } from '../lib/drafts'
import { isWriting, PLACE_OF_NOTE } from './unsaved'
import { type Gateway, placeOf } from './use_said'

const by = (id: string, project = 'p') => ({ api: `/api/v1/projects/${project}`, caller: { id } }) as Gateway

beforeEach(() => {
  const kept: Record<string, string> = {}
  Object.defineProperties(kept, {
    getItem: { value: (key: string) => kept[key] ?? null },
    setItem: { value: (key: string, value: string) => Object.assign(kept, { [key]: value }) },
    removeItem: { value: (key: string) => Reflect.deleteProperty(kept, key) },
  })
  vi.stubGlobal('sessionStorage', kept)
})
afterEach(() => vi.unstubAllGlobals())

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
