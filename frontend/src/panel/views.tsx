// Saved views: open one, save this one under a name, rename, share, delete; and which one the project opens with.

import { useId, useRef, useState } from 'preact/hooks'
import { changeView, deleteView, readViews, restoreView, saveView } from '../api/views'
import type { Outcome } from '../lib/edits'
import type { Load } from '../lib/load'
import type { SavedView } from '../lib/saved_view'
import { isShown, parted } from '../model/views'
import { Name } from '../ui/name'
import { TextEdit } from '../ui/text_edit'
import { offerUndo } from '../ui/toast'
import { showState, wholeState } from './host'
import type { Gateway } from './use_said'

const LONGEST = 100

type Props = { gateway: Gateway }
type Act = (deed: () => Promise<unknown>) => Promise<boolean>

export function keepsViews(gateway: Gateway): boolean {
  return !gateway.portal && gateway.may.includes('read_annotations') && gateway.may.includes('keep_own')
}

export function Views({ gateway }: Props) {
  const [load, setLoad] = useState<Load<SavedView[]>>({ state: 'loading' })
  const [error, setError] = useState('')
  const box = useRef<HTMLDivElement>(null)
  const id = useId()
  const mayShare = gateway.may.includes('share_view')
  const refresh = () =>
    readViews(gateway.api).then(
      (value) => setLoad({ state: 'ready', value }),
      (failure: Error) => setLoad({ state: 'failed', title: 'Views', message: failure.message }),
    )
  const act: Act = async (deed) => {
    setError('')
    try {
      await deed()
      return true
    } catch (failure) {
      setError((failure as Error).message)
      return false
    } finally {
      await refresh()
    }
  }
  const show = (state: Record<string, string>) => {
    showState(state, 'step')
    box.current?.hidePopover()
  }
  const { project, own } = parted(load.state === 'ready' ? load.value : [])
  const one = (view: SavedView) => (
    <OneView key={view.id} view={view} gateway={gateway} mayChange={!view.shared || mayShare} act={act} show={show} />
  )
  return (
    <>
      <button type="button" class="quiet" popovertarget={id}>
        Views
      </button>
      <div
        ref={box}
        id={id}
        popover="auto"
        class="views"
        role="dialog"
        aria-label="Views"
        onToggle={(event) => {
          if (event.newState === 'open') refresh()
        }}
      >
        {load.state === 'loading' && <p class="muted">Reading the views…</p>}
        {load.state === 'failed' && <p class="error">{load.message}</p>}
        {load.state === 'ready' && (
          <>
            <button type="button" class="quiet" onClick={() => show({})}>
              All experiments, as they come
            </button>
            <h2>For the whole project</h2>
            {project.length === 0 ? <p class="muted">None yet.</p> : <ul>{project.map(one)}</ul>}
            <h2>Only yours</h2>
            {own.length === 0 ? <p class="muted">None yet. Save what you see now, below.</p> : <ul>{own.map(one)}</ul>}
            <NewView gateway={gateway} mayShare={mayShare} act={act} />
          </>
        )}
        {error && (
          <p class="error" role="alert">
            {error}
          </p>
        )}
      </div>
    </>
  )
}

function NewView({ gateway, mayShare, act }: Props & { mayShare: boolean; act: Act }) {
  const [name, setName] = useState('')
  const [shared, setShared] = useState(false)
  return (
    <form
      class="edit"
      onSubmit={async (event) => {
        event.preventDefault()
        if (await act(() => saveView(gateway.api, { name, shared, state: wholeState() }))) setName('')
      }}
    >
      <h2>Save this view</h2>
      <label>
        Name
        <input value={name} maxLength={LONGEST} required onInput={(event) => setName(event.currentTarget.value)} />
      </label>
      {mayShare ? (
        <label class="inline">
          <input type="checkbox" checked={shared} onChange={() => setShared(!shared)} /> For the whole project
        </label>
      ) : (
        <p class="muted">It is yours alone. Contributors and owners save views for the whole project.</p>
      )}
      <button type="submit" class="primary" disabled={!name.trim()}>
        Save
      </button>
    </form>
  )
}

type OneProps = Props & {
  view: SavedView
  mayChange: boolean
  act: Act
  show: (state: Record<string, string>) => void
}

function OneView({ view, gateway, mayChange, act, show }: OneProps) {
  const [renaming, setRenaming] = useState(false)
  const { api } = gateway
  const shown = isShown(view, wholeState())
  const change = (wanted: Parameters<typeof changeView>[2]) =>
    act(async () => settled(await changeView(api, view, wanted)))
  async function remove() {
    const gone = await deleteView(api, view.id)
    offerUndo(`Deleted the view “${view.name}”.`, () => restoreView(api, gone, view))
  }
  if (renaming)
    return (
      <li>
        <TextEdit
          label="Name of the view"
          lines={1}
          longest={LONGEST}
          seen={view}
          textOf={(each) => each.name}
          asSaved={(text) => text.trim()}
          save={(name, from) => changeView(api, from, { name })}
          close={() => {
            setRenaming(false)
            act(async () => undefined)
          }}
        />
      </li>
    )
  return (
    <li>
      <button
        type="button"
        class="name break"
        aria-current={shown ? 'true' : undefined}
        onClick={() => show(view.state)}
      >
        <Name text={view.name} />
      </button>{' '}
      <span class="muted">
        {[
          view.mine ? '' : `by ${view.author}`,
          view.is_default ? 'the project opens with it' : '',
          shown ? 'shown now' : '',
        ]
          .filter(Boolean)
          .join(', ')}
      </span>
      {mayChange && (
        <div class="deeds">
          {!shown && (
            <button type="button" class="quiet" onClick={() => change({ state: wholeState() })}>
              Make it what is shown now
            </button>
          )}
          <button type="button" class="quiet" onClick={() => setRenaming(true)}>
            Rename
          </button>
          {view.shared && (
            <button type="button" class="quiet" onClick={() => change({ is_default: !view.is_default })}>
              {view.is_default ? 'No longer open with it' : 'Open the project with it'}
            </button>
          )}
          {!view.shared && gateway.may.includes('share_view') && (
            <button type="button" class="quiet" onClick={() => change({ shared: true })}>
              For the whole project
            </button>
          )}
          {view.shared && view.mine && (
            <button type="button" class="quiet" onClick={() => change({ shared: false, is_default: false })}>
              Only for me
            </button>
          )}
          <button type="button" class="quiet" onClick={() => act(remove)}>
            Delete
          </button>
        </div>
      )}
    </li>
  )
}

function settled(outcome: Outcome<SavedView>): void {
  if (outcome.state === 'conflict')
    throw new Error('Somebody else changed this view just now. Look at it, then try again.')
}
