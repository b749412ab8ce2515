import { afterEach, expect, test, vi } from 'vitest'
import { addNote, type Note } from './remarks'

afterEach(() => vi.unstubAllGlobals())

const mine = (id: string, text: string) => ({ id, text, mine: true, place: null }) as Note

// A server that does what it is asked, and whose answers to that are lost or refusals.
function server(notes: Note[], answer: () => Response) {
  vi.stubGlobal('fetch', async (_path: string, { method }: RequestInit) =>
    method === 'POST' ? answer() : Response.json({ notes }),
  )
}

const lost = () => {
  throw new TypeError('network')
}
const add = (known: Note[]) => addNote('/api', 'one', 'again', null, known)

test('a note that was written although no answer came was added', async () => {
  server([mine('a', 'again'), mine('b', 'again')], lost)
  await add([mine('a', 'again')])
})

test('a note that was not written, or is another one, was not', async () => {
  const others = { ...mine('b', 'again'), mine: false }
  const elsewhere = { ...mine('c', 'again'), place: { steps: [1, 2] as [number, number] } }
  for (const notes of [
    [],
    [mine('a', 'again')],
    [mine('a', 'again'), others, elsewhere, mine('d', 'something else')],
  ]) {
    server(notes, lost)
    await expect(add([mine('a', 'again')])).rejects.toThrow('does not answer')
  }
})

test('what the server refused was not done', async () => {
  server([mine('b', 'again')], () => Response.json({ error: { message: 'too long' } }, { status: 400 }))
  await expect(add([])).rejects.toThrow('too long')
})
