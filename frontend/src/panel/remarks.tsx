// What people say of one experiment: its tags and description, and notes. A draft stays until it is saved, whatever somebody else does.

import { useEffect, useRef, useState } from 'preact/hooks'
import { AskFailed } from '../api/http'
import { addNote, deleteNote, type Note, readNotes, resolveNote, restoreNote, writeAnew } from '../api/remarks'
import { draftAt, dropDraft, keepDraft } from '../lib/drafts'
import type { Outcome } from '../lib/edits'
import type { Load } from '../lib/load'
import { tagsOf } from '../model/tags'
import { Markdown } from '../ui/markdown'
import { Name } from '../ui/name'
import { TextEdit } from '../ui/text_edit'
import { offerUndo } from '../ui/toast'
import { useUnsaved } from '../ui/use_unsaved'
import { type NotePlace, placeText, showPlace } from './note_place'
import { takeOrphans } from './orphans'
import { type Gateway, placeOf, type Said } from './use_said'

const LONGEST = 10_000

type Props = { gateway: Gateway; id: string; said: Said; changed: () => void; about: NotePlace }

export function Remarks({ said, ...notes }: Props) {
  return (
    <div class="halves">
      <About said={said} />
      <Notes {...notes} />
    </div>
  )
}

function About({ said }: { said: Said }) {
  const mayEdit = said.may('edit_experiment')
  const [writing, setWriting] = useState<'' | 'tags' | 'description'>(
    () => (['description', 'tags'] as const).find((each) => mayEdit && draftAt(said.place(each))) ?? '',
  )
  const [error, setError] = useState('')
  const { seen } = said
  const close = (now?: typeof seen) => {
    if (now) said.take(now)
    setWriting('')
  }
  async function archive(archived: boolean) {
    if (!seen) return
    setError('')
    try {
      const outcome = await said.save(seen, { archived })
      // Who wants the same as somebody else has what they want.
      if (outcome.state === 'conflict') return said.take(outcome.theirs)
      offerUndo(archived ? 'Archived.' : 'Taken out of the archive.', () =>
        said.save(outcome.now, { archived: !archived }),
      )
    } catch (failure) {
      setError((failure as Error).message)
    }
  }
  return (
    <section aria-label="About">
      <h2>About</h2>
      {(error || said.failure) && (
        <p class="error" role="alert">
          {error || said.failure}
        </p>
      )}
      {!mayEdit && <p class="muted">Contributors and owners name, tag, describe and archive experiments.</p>}
      {seen?.archived && <p class="muted">In the archive: the table leaves it out.</p>}
      {seen && writing !== 'tags' && (
        <p>
          {seen.tags.map((tag) => (
            <span key={tag} class="tag">
              {tag}
            </span>
          ))}
          {seen.tags.length === 0 && !mayEdit && <span class="muted">No tags.</span>}
          {mayEdit && (
            <button type="button" class="quiet" onClick={() => setWriting('tags')}>
              {seen.tags.length > 0 ? 'Change tags' : 'Add tags'}
            </button>
          )}
        </p>
      )}
      {seen && writing === 'tags' && (
        <TextEdit
          label="Tags, separated by commas"
          lines={1}
          longest={1000}
          place={said.place('tags')}
          seen={seen}
          textOf={(each) => each.tags.join(', ')}
          asSaved={(text) => tagsOf(text).join(', ')}
          save={(text, from) => said.save(from, { tags: tagsOf(text) })}
          close={close}
        />
      )}
      {seen && writing !== 'description' && (
        <>
          {seen.description && <Markdown text={seen.description} />}
          {!seen.description && !mayEdit && <p class="muted">No description.</p>}
          {mayEdit && (
            <div class="deeds">
              <button type="button" class="quiet" onClick={() => setWriting('description')}>
                {seen.description ? 'Change the description' : 'Describe it'}
              </button>
              <button type="button" class="quiet" onClick={() => archive(!seen.archived)}>
                {seen.archived ? 'Take out of the archive' : 'Archive'}
              </button>
            </div>
          )}
        </>
      )}
      {seen && writing === 'description' && (
        <TextEdit
          label="Description, in Markdown"
          lines={6}
          longest={LONGEST}
          place={said.place('description')}
          seen={seen}
          textOf={(each) => each.description}
          save={(description, from) => said.save(from, { description })}
          close={close}
        />
      )}
    </section>
  )
}

type Act = (deed: () => Promise<unknown>) => Promise<boolean>

function Notes({ gateway, id, changed, about }: Omit<Props, 'said'>) {
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    if (about.asked > 0) field.current?.focus()
  }, [about.asked])
  const [load, setLoad] = useState<Load<Note[]>>({ state: 'loading' })
  const place = placeOf(gateway, id, 'note')
  const [draft, setDraft] = useState(() => draftAt(place)?.text ?? '')
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  const [orphaned, setOrphaned] = useState(false)
  const mayWrite = gateway.may.includes('comment')
  useUnsaved(() => draft !== '')
  // Before something was added of which nobody knows whether it was.
  const known = useRef<Note[]>([])
  const refresh = () =>
    readNotes(gateway.api, id).then(
      (value) => {
        known.current = value
        const saved = takeOrphans(gateway, id, value)
        if (saved !== null) {
          setDraft(saved)
          setOrphaned(true)
        }
        setLoad({ state: 'ready', value })
      },
      (failure: Error) => setLoad({ state: 'failed', title: 'Notes', message: failure.message }),
    )
  useEffect(() => {
    refresh()
  }, [id])
  const act: Act = async (deed) => {
    setError('')
    try {
      await deed()
      changed()
      return true
    } catch (failure) {
      setError((failure as Error).message)
      return false
    } finally {
      await refresh()
    }
  }
  return (
    <section aria-label="Notes">
      <h2>Notes</h2>
      {load.state === 'loading' && <p class="muted">Reading notes…</p>}
      {load.state === 'failed' && <p class="error">{load.message}</p>}
      {load.state === 'ready' && load.value.length === 0 && (
        <p class="muted">
          {mayWrite ? 'Nobody has said anything yet. Be the first.' : 'Nobody has said anything yet.'}
        </p>
      )}
      {load.state === 'ready' && (
        <ul class="notes">
          {load.value.map((note) => (
            <OneNote key={note.id} note={note} gateway={gateway} act={act} place={placeOf(gateway, id, note.id)} />
          ))}
        </ul>
      )}
      {error && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
      {!mayWrite && <p class="muted">{whyNot(gateway)}</p>}
      {orphaned && (
        <p class="muted" role="status">
          A note that you were changing was deleted meanwhile. What you wrote stands below, to be added as a new one.
        </p>
      )}
      {/* What is written stays in sight, whoever may no longer add it. */}
      {(mayWrite || draft) && (
        <form
          class="edit"
          onSubmit={async (event) => {
            event.preventDefault()
            if (busy) return
            setBusy(true)
            // The draft goes before the notes are read again: what they may leave behind is written here.
            await act(async () => {
              await addNote(gateway.api, id, draft, about.place, known.current)
              setDraft('')
              setOrphaned(false)
              dropDraft(place)
              about.set(null)
            })
            setBusy(false)
          }}
        >
          {about.place && (
            <p>
              About {placeText(about.place)}{' '}
              <button type="button" class="quiet" onClick={() => about.set(null)}>
                About the whole experiment
              </button>
            </p>
          )}
          <label>
            A note, in Markdown
            <textarea
              ref={field}
              rows={3}
              maxLength={LONGEST}
              required
              value={draft}
              readOnly={busy}
              onInput={(event) => {
                setDraft(event.currentTarget.value)
                keepDraft(place, { text: event.currentTarget.value, from: '' })
              }}
            />
          </label>
          <button type="submit" class="primary" disabled={busy || !mayWrite || !draft.trim()}>
            Add
          </button>
        </form>
      )}
    </section>
  )
}

function whyNot(gateway: Gateway): string {
  return gateway.caller.role === 'viewer'
    ? 'Viewers write no notes in this project. An owner can allow it on the project’s page.'
    : 'You may not write notes here.'
}

type NoteProps = { note: Note; gateway: Gateway; act: Act; place: string }

function OneNote({ note, gateway, act, place }: NoteProps) {
  const mayWrite = gateway.may.includes('comment')
  const [writing, setWriting] = useState(() => note.mine && mayWrite && draftAt(place) !== null)
  const resolved = note.resolved_at !== null
  const when = note.created_at.replace('T', ' ').slice(0, 16)
  async function save(text: string, from: Note): Promise<Outcome<Note>> {
    try {
      const outcome = await writeAnew(gateway.api, from, text)
      if (outcome.state === 'saved') await act(async () => undefined)
      return outcome
    } catch (failure) {
      // Somebody deleted it; the notes know what becomes of what was written.
      if (failure instanceof AskFailed && failure.status === 404) await act(async () => undefined)
      throw failure
    }
  }
  async function remove() {
    const gone = await deleteNote(gateway.api, note.id)
    offerUndo('Note deleted.', async () => {
      // What went wrong is said by the offer itself.
      const back = restoreNote(gateway.api, gone)
      await act(() => back)
      return back
    })
  }
  return (
    <li class={resolved ? 'resolved' : ''}>
      <p class="muted">
        <Name text={note.author} />, {when} UTC{note.edited_at && ', changed since'}
        {resolved && `, resolved by ${note.resolved_by}`}
      </p>
      {note.place && (
        <p>
          <button type="button" class="quiet break" onClick={() => note.place && showPlace(note.place)}>
            {placeText(note.place)}
          </button>
        </p>
      )}
      {writing ? (
        <TextEdit
          label="Your note"
          lines={3}
          longest={LONGEST}
          place={place}
          seen={note}
          textOf={(each) => each.text}
          save={save}
          close={() => {
            setWriting(false)
            act(async () => undefined)
          }}
        />
      ) : (
        <Markdown text={note.text} />
      )}
      {!writing && (
        <div class="deeds">
          {note.mine && mayWrite && (
            <button type="button" class="quiet" onClick={() => setWriting(true)}>
              Change
            </button>
          )}
          {mayWrite && (
            <button type="button" class="quiet" onClick={() => act(() => resolveNote(gateway.api, note, !resolved))}>
              {resolved ? 'Open again' : 'Resolve'}
            </button>
          )}
          {mayWrite && (note.mine || gateway.may.includes('delete_any_note')) && (
            <button type="button" class="quiet" onClick={() => act(remove)}>
              Delete
            </button>
          )}
        </div>
      )}
    </li>
  )
}
