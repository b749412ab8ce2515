// What somebody was writing into a note of theirs that was deleted meanwhile goes on as a new one.
import type { Note } from '../api/remarks'
import { draftAt, draftPlaces, dropDraft, keepDraft } from '../lib/drafts'
import { type Gateway, partsOf, placeOf } from './use_said'

const NOTE_ID = /^[0-9a-f]{16}$/

// What is now written as a new note; null if nothing was orphaned.
export function takeOrphans(gateway: Gateway, id: string, notes: Note[]): string | null {
  const there = new Set(notes.map((note) => note.id))
  const orphans = draftPlaces().filter((place) => {
    const [, , , what] = partsOf(place)
    return NOTE_ID.test(what) && !there.has(what) && place === placeOf(gateway, id, what)
  })
  if (orphans.length === 0) return null
  const place = placeOf(gateway, id, 'note')
  const text = [place, ...orphans].flatMap((each) => draftAt(each)?.text ?? []).join('\n\n')
  keepDraft(place, { text, from: '' })
  for (const orphan of orphans) dropDraft(orphan)
  return text
}
