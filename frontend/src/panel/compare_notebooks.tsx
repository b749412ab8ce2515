// Two notebooks of the experiments that are compared, cell by cell: what stands in one and not in the other, and what they printed.
import type { FunctionComponent } from 'preact'
import { type LyingFile, readBelongings } from '../api/plugin'
import { formatTime } from '../lib/format'
import { isNotebook } from '../model/file_kinds'
import type { Notebook } from '../model/notebook'
import { chosen, written } from '../model/two_notebooks'
import type { Member } from './images'
import type { DifferenceProps } from './notebook_difference'
import { MOST, readNotebook, titleOf } from './notebooks'
import { useAddress } from './use_address'
import { useOnce } from './use_once'

type Lying = LyingFile & { id: string; of: string; stroke: string }

// At most so many are asked for what lies beside them.
const MOST_ASKED = 40

export function CompareNotebooks({ members }: { members: Member[] }) {
  const asked = members.slice(0, MOST_ASKED)
  const load = useOnce(() => notebooksOf(asked), asked.map(({ id }) => id).join(), 'Notebooks')
  if (load.state === 'loading') return <p role="status">Looking for notebooks…</p>
  if (load.state === 'failed') return <p class="error">{load.message}</p>
  const { contents, notebooks } = load.value
  if (!contents)
    return <p class="muted">Files are not handed out here. Fetch the notebooks from where training wrote them.</p>
  return (
    <>
      {asked.length < members.length && (
        <p class="muted">The first {MOST_ASKED} were asked for notebooks. Choose fewer to see those of others.</p>
      )}
      <Two notebooks={notebooks} />
    </>
  )
}

function Two({ notebooks }: { notebooks: Lying[] }) {
  const [said, say] = useAddress('file', 'step')
  const two = chosen(said, notebooks)
  if (!two)
    return (
      <p class="muted">
        {notebooks.length === 0
          ? 'No notebook lies beside these experiments. '
          : `Only one notebook lies beside these experiments: ${notebooks[0]?.name} of ${notebooks[0]?.of}. `}
        Keep a copy of the notebook in the directory of each run, and what was changed between them is shown here.
      </p>
    )
  const [base, other] = two
  return (
    <>
      <div class="bar">
        <Choice label="First notebook" all={notebooks} value={base} change={(next) => say(written([next, other]))} />
        <Choice label="Second notebook" all={notebooks} value={other} change={(next) => say(written([base, next]))} />
        <button type="button" class="quiet" onClick={() => say(written([other, base]))}>
          Swap
        </button>
      </div>
      <p class="break">
        <Named notebook={base} /> → <Named notebook={other} />
      </p>
      <Read base={base} other={other} />
    </>
  )
}

function Named({ notebook: { of, stroke, modified } }: { notebook: Lying }) {
  return (
    <>
      <span class="swatch" style={{ background: stroke }} aria-hidden="true" />
      {of} <span class="muted">written {formatTime(modified)}</span>
    </>
  )
}

type ChoiceProps = { label: string; all: Lying[]; value: Lying; change: (next: Lying) => void }

function Choice({ label, all, value, change }: ChoiceProps) {
  const ids = [...new Set(all.map(({ id }) => id))]
  return (
    <label>
      {label}{' '}
      <select value={all.indexOf(value)} onChange={(event) => change(all[Number(event.currentTarget.value)] ?? value)}>
        {ids.map((id) => (
          <optgroup key={id} label={all.find((each) => each.id === id)?.of}>
            {all.map(
              (each, at) =>
                each.id === id && (
                  <option key={each.name} value={at}>
                    {titleOf(each.name)}
                  </option>
                ),
            )}
          </optgroup>
        ))}
      </select>
    </label>
  )
}

function Read({ base, other }: { base: Lying; other: Lying }) {
  const about = JSON.stringify([base, other].map((each) => [each.id, each.name, each.modified, each.size]))
  const load = useOnce(() => readTwo(base, other), about, 'Notebooks')
  if (load.state === 'loading') return <p role="status">Reading the notebooks…</p>
  if (load.state === 'failed') return <p class="error">{load.message}</p>
  const { notebooks, Difference } = load.value
  const [one, two] = notebooks
  if (one && two) return <Difference base={one} other={two} />
  const [unread] = [base, other].filter((_, at) => !notebooks[at])
  return (
    <p class="error break">
      {unread?.name} of {unread?.of} is no notebook of format 4, the one that Jupyter writes, or larger than is read
      here. Choose another one.
    </p>
  )
}

type ReadTwo = { notebooks: (Notebook | null)[]; Difference: FunctionComponent<DifferenceProps> }

async function readTwo(base: Lying, other: Lying): Promise<ReadTwo> {
  const [{ Difference }, ...notebooks] = await Promise.all([
    import('./notebook_difference'),
    ...[base, other].map(({ id, name, size }) => (size > MOST ? null : readNotebook(id, name))),
  ])
  return { notebooks, Difference }
}

async function notebooksOf(members: Member[]): Promise<{ contents: boolean; notebooks: Lying[] }> {
  const found = await Promise.all(
    members.map(async ({ id, name, stroke }) => {
      const { files, contents } = await readBelongings(id)
      return { contents, notebooks: files.filter(isNotebook).map((file) => ({ ...file, id, of: name, stroke })) }
    }),
  )
  return { contents: found.some(({ contents }) => contents), notebooks: found.flatMap(({ notebooks }) => notebooks) }
}
