// Notebooks that lie beside the event files, as they were last saved. What draws them is loaded late.

import type { FunctionComponent } from 'preact'
import { type LyingFile, readFile } from '../api/plugin'
import { formatBytes, formatTime } from '../lib/format'
import { isNotebook } from '../model/file_kinds'
import type { Notebook } from '../model/notebook'
import { Name } from '../ui/name'
import { Download } from './artifacts'
import type { CellsProps } from './notebook_cells'
import { useAddress } from './use_address'
import { useOnce } from './use_once'

export const MOST = 20_000_000
// Where the SDK keeps what a notebook was at each of its checkpoints.
const KEPT = '_tb_share/notebooks/'

type Drawn = { notebook: Notebook | null; Cells: FunctionComponent<CellsProps> }

async function drawn(id: string, name: string): Promise<Drawn> {
  const [notebook, { Cells }] = await Promise.all([readNotebook(id, name), import('./notebook_cells')])
  return { notebook, Cells }
}

// Null: it is none of a format that we read.
export async function readNotebook(id: string, name: string): Promise<Notebook | null> {
  const [bytes, { notebookOf }] = await Promise.all([readFile(id, name), import('../model/notebook')])
  return notebookOf(new TextDecoder().decode(bytes))
}

type Props = { id: string; files: LyingFile[]; note: ((file: string, cell: string) => void) | null }

export function Notebooks({ id, files, note }: Props) {
  const [chosen, choose] = useAddress('file', 'step')
  const [cell, setCell] = useAddress('cell', 'tweak')
  const found = files.find((each) => each.name === chosen)
  const file = found ?? (files[0] as LyingFile)
  return (
    <>
      {!found && isNotebook({ name: chosen }) && (
        <p class="muted break">{titleOf(chosen)} is no longer there. Another notebook is shown.</p>
      )}
      <div class="bar">
        {files.length > 1 ? (
          <label>
            Notebook{' '}
            <select
              value={file.name}
              onChange={(event) => {
                choose(event.currentTarget.value)
                setCell('')
              }}
            >
              {files.map(({ name }) => (
                <option key={name} value={name}>
                  {titleOf(name)}
                </option>
              ))}
            </select>
          </label>
        ) : (
          <h2 class="break">
            <Name text={titleOf(file.name)} />
          </h2>
        )}
        <span class="muted">
          {formatBytes(file.size)}, written {formatTime(file.modified)}
        </span>
        <Download id={id} name={file.name} />
      </div>
      {file.size > MOST ? (
        <p class="muted">It is larger than {formatBytes(MOST)} and not shown here. Download it to see it.</p>
      ) : (
        <Shown
          id={id}
          file={file}
          meant={file.name === chosen ? cell : ''}
          note={note && ((cell) => note(file.name, cell))}
        />
      )}
    </>
  )
}

function Shown({ id, file, ...more }: { id: string; file: LyingFile } & Omit<CellsProps, 'notebook'>) {
  const about = JSON.stringify([id, file.name, file.modified, file.size])
  const load = useOnce(() => drawn(id, file.name), about, file.name)
  if (load.state === 'loading') return <p role="status">Reading the notebook…</p>
  if (load.state === 'failed') return <p class="error">{load.message}</p>
  const { notebook, Cells } = load.value
  if (!notebook)
    return (
      <p class="error">This is no notebook of format 4, the one that Jupyter writes. Download it to see what it is.</p>
    )
  if (notebook.cells.length === 0) return <p class="muted">It has no cells.</p>
  return <Cells notebook={notebook} {...more} />
}

export const titleOf = (name: string) => (name.startsWith(KEPT) ? name.slice(KEPT.length) : name)
