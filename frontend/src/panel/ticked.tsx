// What can be said of all ticked experiments at once: tags, and the archive. Nothing asks beforehand; all of it can be undone.
import { useEffect, useId, useRef, useState } from 'preact/hooks'
import type { Context } from '../api/plugin'
import { type Change, type Seen, unsaid } from '../api/remarks'
import { count } from '../lib/format'
import { tagsOf } from '../model/tags'
import { offerUndo } from '../ui/toast'
import type { Remarked } from './remarked'
import { annotateAll, undoAll } from './several'

type Props = { gateway: Context['gateway']; ids: string[]; remarked: Remarked }

export function Ticked({ gateway, ids, remarked }: Props) {
  const [tagging, setTagging] = useState(false)
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  if (!gateway || gateway.portal || !gateway.may.includes('edit_experiment') || ids.length === 0) return null
  const byId = new Map(remarked.all.map((each) => [each.experiment, each]))
  const chosen = ids.map((id) => byId.get(id) ?? unsaid(id))
  const allArchived = chosen.every((each) => each.archived)

  async function change(done: string, field: keyof Change, changeOf: (seen: Seen) => Change | null) {
    if (!gateway) return
    setBusy(true)
    setError('')
    const { changed, failure } = await annotateAll(gateway.api, chosen, changeOf)
    remarked.refresh()
    setBusy(false)
    if (failure) setError(failure.message)
    if (changed.length === 0) return
    offerUndo(`${done} ${count(changed.length, 'experiment')}.`, () =>
      undoAll(gateway.api, changed, [field]).finally(remarked.refresh),
    )
  }

  const archive = () =>
    change(allArchived ? 'Took out of the archive:' : 'Archived', 'archived', (seen) =>
      seen.archived === allArchived ? { archived: !allArchived } : null,
    )
  const tag = (add: string[], drop: string[]) =>
    change('Changed the tags of', 'tags', (seen) => {
      const kept = seen.tags.filter((each) => !drop.includes(each))
      const tags = [...new Set([...kept, ...add])]
      return tags.join('\n') === seen.tags.join('\n') ? null : { tags }
    })
  return (
    <>
      <button type="button" class="quiet" disabled={busy} onClick={() => setTagging(true)}>
        Tag {ids.length}
      </button>
      <button type="button" class="quiet" disabled={busy} onClick={archive}>
        {allArchived ? `Unarchive ${ids.length}` : `Archive ${ids.length}`}
      </button>
      {error && (
        <span class="error" role="alert">
          {error}
        </span>
      )}
      {tagging && <TagDialog chosen={chosen} all={remarked.all} tag={tag} close={() => setTagging(false)} />}
    </>
  )
}

type DialogProps = {
  chosen: Seen[]
  all: Seen[]
  tag: (add: string[], drop: string[]) => Promise<void>
  close: () => void
}

function TagDialog({ chosen, all, tag, close }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null)
  const known = useId()
  const [text, setText] = useState('')
  const [drop, setDrop] = useState<string[]>([])
  useEffect(() => dialog.current?.showModal(), [])
  const there = [...new Set(chosen.flatMap((each) => each.tags))].sort()
  const used = [...new Set(all.flatMap((each) => each.tags))].sort()
  const holding = (name: string) => chosen.filter((each) => each.tags.includes(name)).length
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="tag-title" onClose={close}>
      <div class="dialog-head">
        <h2 id="tag-title">Tag {count(chosen.length, 'experiment')}</h2>
        <button type="button" class="quiet" aria-label="Close" onClick={() => dialog.current?.close()}>
          ✕
        </button>
      </div>
      <form
        class="edit"
        onSubmit={(event) => {
          event.preventDefault()
          tag(tagsOf(text), drop)
          dialog.current?.close()
        }}
      >
        <label>
          Add, separated by commas
          <input list={known} value={text} maxLength={1000} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        <datalist id={known}>
          {used.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
        {there.length > 0 && (
          <fieldset>
            <legend>Take away</legend>
            {there.map((name) => (
              <label key={name} class="break">
                <input
                  type="checkbox"
                  checked={drop.includes(name)}
                  onChange={() => setDrop(drop.includes(name) ? drop.filter((each) => each !== name) : [...drop, name])}
                />{' '}
                {name} <span class="muted">(on {holding(name)})</span>
              </label>
            ))}
          </fieldset>
        )}
        <button type="submit" class="primary" disabled={tagsOf(text).length === 0 && drop.length === 0}>
          Change the tags
        </button>
      </form>
    </dialog>
  )
}
