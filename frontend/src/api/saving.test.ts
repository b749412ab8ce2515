import { expect, test } from 'vitest'
import { AskFailed } from './http'
import { saveOver } from './saving'

type Said = { text: string; tags: string; version: number }
const seen: Said = { text: 'why', tags: '', version: 1 }

// A server that holds one thing and refuses what was made from an older one.
function server(held: Said) {
  return {
    held: () => held,
    send:
      (change: Partial<Said>) =>
      async ({ version }: Said) => {
        if (version !== held.version) throw new AskFailed(409, 'changed', held)
        held = { ...held, ...change, version: version + 1 }
        return held
      },
  }
}

test('what nobody else touched is saved', async () => {
  const { send, held } = server(seen)
  expect(await saveOver(seen, { text: 'because' }, send({ text: 'because' }))).toEqual({ state: 'saved', now: held() })
})

test('both hold when somebody changed something else', async () => {
  const { send, held } = server({ text: 'why', tags: 'theirs', version: 5 })
  await saveOver(seen, { text: 'mine' }, send({ text: 'mine' }))
  expect(held()).toEqual({ text: 'mine', tags: 'theirs', version: 6 })
})

test('somebody else who changed the same is shown, and keeps it', async () => {
  const theirs = { text: 'theirs', tags: '', version: 2 }
  const { send, held } = server(theirs)
  expect(await saveOver(seen, { text: 'mine' }, send({ text: 'mine' }))).toEqual({ state: 'conflict', theirs })
  expect(held()).toEqual(theirs)
})

test('another failure is not a conflict', async () => {
  const refuse = () => Promise.reject(new AskFailed(403, 'no'))
  await expect(saveOver(seen, { text: 'mine' }, refuse)).rejects.toThrow('no')
})
