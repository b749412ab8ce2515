// What an experiment is called: the name that people gave it, above the path that training did; and its star.
import { useState } from 'preact/hooks'
import { draftAt } from '../lib/drafts'
import { Name } from '../ui/name'
import { TextEdit } from '../ui/text_edit'
import { Star } from './star'
import type { Said } from './use_said'

export function Title({ path, said }: { path: string; said: Said | null }) {
  const [writing, setWriting] = useState(() => Boolean(said?.may('edit_experiment') && draftAt(said.place('name'))))
  const [error, setError] = useState('')
  const seen = said?.seen
  if (!said || !seen)
    return (
      <h1 class="break">
        <Name text={path} />
      </h1>
    )
  const named = seen.display_name !== ''
  return (
    <>
      <div class="title">
        <h1 class="break">
          <Name text={seen.display_name || path} />
        </h1>
        {said.may('keep_own') && (
          <Star
            starred={seen.starred}
            set={(starred) => said.star(starred).catch((failure: Error) => setError(failure.message))}
          />
        )}
        {said.may('edit_experiment') && !writing && (
          <button type="button" class="quiet" onClick={() => setWriting(true)}>
            {named ? 'Rename' : 'Give it a name'}
          </button>
        )}
      </div>
      {named && (
        <p class="muted break">
          <Name text={path} />
        </p>
      )}
      {error && (
        <p class="error" role="alert">
          {error}
        </p>
      )}
      {writing && (
        <TextEdit
          label="Name (empty: the path)"
          lines={1}
          longest={200}
          place={said.place('name')}
          seen={seen}
          textOf={(each) => each.display_name}
          asSaved={(text) => text.trim()}
          save={(display_name, from) => said.save(from, { display_name })}
          close={(now) => {
            if (now) said.take(now)
            setWriting(false)
          }}
        />
      )}
    </>
  )
}
