// What people say of one experiment: its tags and description, and notes. A draft stays until it is saved, whatever somebody else does.
import { useEffect, useState } from 'preact/hooks'
import type { Context } from '../api/plugin'
import {
  type Annotation,
  annotate,
  changeNote,
  deleteNote,
  isConflict,
  type Note,
  readAnnotations,
  readNotes,
  writeNote,
} from '../api/remarks'
import type { Load } from '../lib/load'
import { tagsOf } from '../model/tags'
import { Markdown } from '../ui/markdown'

type Gateway = NonNullable<Context['gateway']>
type Props = { gateway: Gateway; id: string; changed: () => void }

export function Remarks({ gateway, id, changed }: Props) {
  if (!gateway.may.includes('read_annotations')) return null
  return (
    <div class="halves">
      <About gateway={gateway} id={id} changed={changed} />
      <Notes gateway={gateway} id={id} changed={changed} />
    </div>
  )
}

const nothing = (experiment: string): Annotation => ({
  experiment,
  display_name: '',
  description: '',
  tags: [],
  archived: false,
  notes: 0,
  version: 0,
})

function About({ gateway, id, changed }: Props) {
  const [known, setKnown] = useState<Annotation | null>(null)
  const [tags, setTags] = useState('')
  const [description, setDescription] = useState('')
  const [error, setError] = useState('')
  const [theirs, setTheirs] = useState<Annotation | null>(null)
  const mayEdit = gateway.may.includes('edit_experiment')
  const read = async () => (await readAnnotations(gateway.api)).find((each) => each.experiment === id) ?? nothing(id)
  useEffect(() => {
    let current = true
    read().then(
      (found) => {
        if (!current) return
        setKnown(found)
        setTags(found.tags.join(', '))
        setDescription(found.description)
      },
      (failure: Error) => current && setError(failure.message),
    )
    return () => {
      current = false
    }
  }, [id])
  async function save(version: number, part: Partial<Annotation> = { tags: tagsOf(tags), description }) {
    setError('')
    try {
      setKnown(await annotate(gateway.api, id, version, part))
      setTheirs(null)
      changed()
    } catch (failure) {
      setError((failure as Error).message)
      if (isConflict(failure)) setTheirs(await read())
    }
  }
  const dirty = known !== null && (tagsOf(tags).join() !== known.tags.join() || description !== known.description)
  return (
    <section aria-label="About">
      <h2>About</h2>
      {error && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
      {theirs && (
        <div class="conflict">
          <p>Meanwhile it says: {theirs.tags.join(', ') || 'no tags'}</p>
          <pre>{theirs.description || 'no description'}</pre>
          <button type="button" class="quiet" onClick={() => save(theirs.version)}>
            Save mine all the same
          </button>
        </div>
      )}
      {known && !mayEdit && (
        <>
          <p>
            {known.tags.length > 0 ? (
              known.tags.map((tag) => <Tag key={tag} text={tag} />)
            ) : (
              <span class="muted">No tags.</span>
            )}
          </p>
          {known.description ? <Markdown text={known.description} /> : <p class="muted">No description.</p>}
        </>
      )}
      {known && mayEdit && (
        <form
          class="about"
          onSubmit={(event) => {
            event.preventDefault()
            save(known.version)
          }}
        >
          <label>
            Tags, separated by commas
            <input value={tags} maxLength={1000} onInput={(event) => setTags(event.currentTarget.value)} />
          </label>
          <label>
            Description
            <textarea
              rows={4}
              maxLength={10000}
              value={description}
              onInput={(event) => setDescription(event.currentTarget.value)}
            />
          </label>
          <div class="bar">
            <button type="submit" class="primary" disabled={!dirty}>
              Save
            </button>
            <button type="button" class="quiet" onClick={() => save(known.version, { archived: !known.archived })}>
              {known.archived ? 'Take out of the archive' : 'Archive'}
            </button>
          </div>
        </form>
      )}
    </section>
  )
}

function Tag({ text }: { text: string }) {
  return <span class="tag">{text}</span>
}

function Notes({ gateway, id, changed }: Props) {
  const [load, setLoad] = useState<Load<Note[]>>({ state: 'loading' })
  const [draft, setDraft] = useState('')
  const [error, setError] = useState('')
  const mayWrite = gateway.may.includes('comment')
  const refresh = () =>
    readNotes(gateway.api, id).then(
      (value) => setLoad({ state: 'ready', value }),
      (failure: Error) => setLoad({ state: 'failed', title: 'Notes', message: failure.message }),
    )
  useEffect(() => {
    refresh()
  }, [id])
  async function act(deed: () => Promise<unknown>): Promise<boolean> {
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
            <OneNote key={note.id} note={note} gateway={gateway} act={act} />
          ))}
        </ul>
      )}
      {error && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
      {mayWrite && (
        <form
          class="about"
          onSubmit={async (event) => {
            event.preventDefault()
            if (await act(() => writeNote(gateway.api, id, draft))) setDraft('')
          }}
        >
          <label>
            A note
            <textarea
              rows={3}
              maxLength={10000}
              required
              value={draft}
              onInput={(event) => setDraft(event.currentTarget.value)}
            />
          </label>
          <button type="submit" class="primary" disabled={!draft.trim()}>
            Add
          </button>
        </form>
      )}
    </section>
  )
}

type NoteProps = { note: Note; gateway: Gateway; act: (deed: () => Promise<unknown>) => Promise<boolean> }

function OneNote({ note, gateway, act }: NoteProps) {
  const resolved = note.resolved_at !== null
  const when = note.created_at.replace('T', ' ').slice(0, 16)
  return (
    <li class={resolved ? 'resolved' : ''}>
      <p class="muted">
        {note.author}, {when} UTC{resolved && `, resolved by ${note.resolved_by}`}
      </p>
      <Markdown text={note.text} />
      {gateway.may.includes('comment') && (
        <button
          type="button"
          class="quiet"
          onClick={() => act(() => changeNote(gateway.api, note, { resolved: !resolved }))}
        >
          {resolved ? 'Open again' : 'Resolve'}
        </button>
      )}
      {(note.mine || gateway.may.includes('delete_any_note')) && (
        <button type="button" class="quiet" onClick={() => act(() => deleteNote(gateway.api, note.id))}>
          Delete
        </button>
      )}
    </li>
  )
}
