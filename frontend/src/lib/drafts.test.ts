import { expect, test, vi } from 'vitest'
import { draftAt, draftPlaces, dropDraft, keepDraft } from './drafts'
import { withSessionStorage } from './session_storage'

withSessionStorage()

test('a draft is there again, at its place alone', () => {
  keepDraft('one', { text: 'mine', from: 'was' })
  expect(draftAt('one')).toEqual({ text: 'mine', from: 'was' })
  expect(draftAt('other')).toBeNull()
})

test('what was saved, thrown away, or says what stood there before is kept no longer', () => {
  keepDraft('one', { text: 'mine', from: 'was' })
  dropDraft('one')
  expect(draftAt('one')).toBeNull()
  keepDraft('one', { text: 'mine', from: 'was' })
  keepDraft('one', { text: 'was', from: 'was' })
  expect(draftPlaces()).toEqual([])
})

test('what is no draft is none', () => {
  for (const text of ['', '{', '3', '{"text":1}']) {
    sessionStorage.setItem('tb_share.draft one', text)
    expect(draftAt('one')).toBeNull()
  }
})

test('a browser that refuses to keep anything lets people write', () => {
  const refuse = () => {
    throw new Error('refused')
  }
  vi.stubGlobal('sessionStorage', { getItem: refuse, setItem: refuse, removeItem: refuse })
  keepDraft('one', { text: 'mine', from: '' })
  expect(draftAt('one')).toBeNull()
})
