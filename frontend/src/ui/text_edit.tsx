// Writes a text anew. The draft stays whatever somebody else does, and over Back and reload; if they saved the same meanwhile, both are shown
// and one chooses.
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import { draftAt, dropDraft, keepDraft } from '../lib/drafts'
import type { Outcome } from '../lib/edits'
import { useUnsaved } from './use_unsaved'

type Props<T> = {
  label: string
  lines: number
  longest: number
  // Where its draft is kept; without one it is not.
  place?: string
  seen: T
  textOf: (seen: T) => string
  // What stands there once this was saved, where that is not the same.
  asSaved?: (text: string) => string
  save: (text: string, seen: T) => Promise<Outcome<T>>
  close: (now?: T) => void
}

export function TextEdit<T>({
  label,
  lines,
  longest,
  place = '',
  seen,
  textOf,
  asSaved = (text) => text,
  save,
  close: closed,
}: Props<T>) {
  const [begun] = useState(() => (place ? draftAt(place) : null))
  // Somebody who began before a conflict is shown it again.
  const [from] = useState(begun?.from ?? textOf(seen))
  const [base, setBase] = useState(seen)
  const [draft, setDraft] = useState(begun?.text ?? textOf(seen))
  const isIn = (text: string, now: T) => textOf(now) === asSaved(text)
  // It was saved before, and the answer was lost.
  const [wasSaved] = useState(begun !== null && isIn(begun.text, seen))
  const [theirs, setTheirs] = useState<T | null>(begun && from !== textOf(seen) && !wasSaved ? seen : null)
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  const id = useId()
  const field = useRef<HTMLInputElement & HTMLTextAreaElement>(null)
  useUnsaved(() => draft !== textOf(base))

  const write = (text: string) => {
    setDraft(text)
    if (place) keepDraft(place, { text, from })
  }
  const close = (now?: T) => {
    if (place) dropDraft(place)
    closed(now)
  }
  useEffect(() => {
    if (wasSaved) close(seen)
    else field.current?.focus()
  }, [])

  async function submit(event: Event) {
    event.preventDefault()
    if (busy) return
    setBusy(true)
    setError('')
    try {
      const outcome = await save(draft, base)
      if (outcome.state === 'saved') return close(outcome.now)
      // Somebody wants the same, or it was saved before and the answer was lost.
      if (isIn(draft, outcome.theirs)) return close(outcome.theirs)
      setTheirs(outcome.theirs)
      setBase(outcome.theirs)
    } catch (failure) {
      setError((failure as Error).message)
    }
    setBusy(false)
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.key === 'Escape' && draft === textOf(base)) close()
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) submit(event)
  }

  // What is on its way is what is written here: nothing more is, until it is known what came of it.
  const written = { id, ref: field, value: draft, maxLength: longest, readOnly: busy, onKeyDown }
  return (
    <form class="edit" onSubmit={submit}>
      <label htmlFor={id}>{label}</label>
      {lines === 1 ? (
        <input {...written} onInput={(event) => write(event.currentTarget.value)} />
      ) : (
        <textarea {...written} rows={lines} onInput={(event) => write(event.currentTarget.value)} />
      )}
      {theirs !== null && (
        <div class="conflict" role="alert">
          <p>Somebody else saved this while you were writing. Yours is not saved yet.</p>
          <p class="muted">Theirs</p>
          <pre>{textOf(theirs) || '(nothing)'}</pre>
          <p class="muted">Yours is above: put both together there if you like.</p>
          <div class="deeds">
            <button type="submit" disabled={busy}>
              Save mine over theirs
            </button>
            <button type="button" onClick={() => close(theirs)}>
              Keep theirs
            </button>
          </div>
        </div>
      )}
      {error && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
      {theirs === null && (
        <div class="deeds">
          <button type="submit" class="primary" disabled={busy}>
            Save
          </button>
          <button type="button" class="quiet" onClick={() => close()}>
            Cancel
          </button>
        </div>
      )}
    </form>
  )
}
