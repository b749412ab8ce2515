import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { draftAt, dropDraft, keepDraft } from './drafts'

const kept = new Map<string, string>()

beforeEach(() => {
  kept.clear()
  vi.stubGlobal('sessionStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  })
})
afterEach(() => vi.unstubAllGlobals())

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
  expect(kept.size).toBe(0)
})

test('what is no draft is none', () => {
  for (const text of ['', '{', '3', '{"text":1}']) {
    kept.set('tb_share.draft one', text)
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
