// Several experiments side by side: what differs, charts, parallel coordinates, scatter, images. What is brushed is what all of it shows.

import { useMemo, useRef, useState } from 'preact/hooks'
import { MOST_EXPERIMENTS, readMedia } from '../api/media'
import type { ExperimentTable } from '../api/plugin'
import { look } from '../lib/curve'
import { count } from '../lib/format'
import { inSight } from '../lib/unseen'
import { passing } from '../model/axes'
import { filterOf } from '../model/brushed'
import { compared } from '../model/compared'
import { attributes } from '../model/comparison'
import type { Goal } from '../model/layout'
import { read, written } from '../model/parallel_view'
import { type Slots, slotted } from '../model/slots'
import { partOf } from '../model/statistics'
import { Tabs } from '../ui/tabs'
import { byId } from './by_id'
import { Charts } from './charts'
import { Chips } from './chips'
import { CompareNotebooks } from './compare_notebooks'
import { CompareTable } from './compare_table'
import { isDark } from './host'
import { Images, type Member } from './images'
import { Parallel } from './parallel'
import { Scatter } from './scatter'
import { useAddress } from './use_address'
import { useAnswer } from './use_answer'

const PAGES = [
  { id: '', title: 'Parameters and metrics' },
  { id: 'charts', title: 'Charts' },
  { id: 'parallel', title: 'Parallel' },
  { id: 'scatter', title: 'Scatter' },
  { id: 'images', title: 'Images' },
  { id: 'notebooks', title: 'Notebooks' },
]
const MOST_ASIDE = MOST_EXPERIMENTS
const MOST_COLOURED = 40

type Props = {
  table: ExperimentTable
  chosen: string[]
  // Which colour each of the chosen has.
  places: Slots
  goalOf: (label: string) => Goal
  // Whether whoever looks may be told of files beside the logs.
  hasFiles: boolean
  setIds: (ids: string[], places: Slots) => void
  compareOnly: (ids: string[], places: Slots) => void
  tick: (ids: string[]) => void
  filter: (text: string) => void
  close: () => void
  open: (id: string) => void
}

export function Compare({
  table,
  chosen,
  places,
  goalOf,
  hasFiles,
  setIds,
  compareOnly,
  tick,
  filter,
  close,
  open,
}: Props) {
  const [said, setPage] = useAddress('tab', 'step')
  const pages = PAGES.filter(({ id }) => hasFiles || id !== 'notebooks')
  const page = pages.some((each) => each.id === said) ? said : ''
  const [address, setAddress] = useAddress('parallel', 'tweak')
  const [lit, setLit] = useState('')
  const { columns } = table
  const { rowOf } = useMemo(() => byId(table), [table])
  const { ids, whole, query } = useMemo(() => compared(chosen, columns, table.rows), [table, chosen])
  const there = useMemo(() => ids.filter((id) => rowOf.has(id)), [ids, rowOf])
  const rows = useMemo(() => there.map((id) => rowOf.get(id) as number), [there, rowOf])
  const view = useMemo(() => read(address), [address])
  const kept = useMemo(() => passing(rows, columns, view.brushes), [rows, table, view])
  const idOf = useMemo(() => new Map(rows.map((row, index) => [row, there[index] as string])), [rows, there])
  const shown = kept.map((row) => idOf.get(row) as string)
  const brushed = useMemo(() => filterOf(view.brushes, columns, rows), [view, columns, rows])
  const aside = shown.slice(0, MOST_ASIDE)
  const all = useMemo(() => attributes(columns, kept.slice(0, MOST_ASIDE)), [table, kept])
  const labels = [...new Set(all.flatMap(({ key }) => partOf(key)?.label ?? []))]
  const names = columns.find((column) => column.key === 'name')
  const nameOf = (id: string) => inSight(String(names?.at(rowOf.get(id) ?? 0) ?? id))
  // Of all that a filter passes, others come and go by themselves; who stays keeps the colour.
  const slots = useRef<Slots>(places)
  slots.current = slotted(there, whole ? slots.current : places)
  const lookOf = (id: string) => look(slots.current.get(id) ?? 0, isDark())
  const highlight = { lit, setLit }
  const members = aside.map((id) => ({ id, name: nameOf(id), stroke: lookOf(id).stroke }))
  return (
    <main class="detail compare" aria-label="Compare">
      <button type="button" class="quiet" onClick={close}>
        ← All experiments
      </button>
      <h1>{count(there.length, 'experiment')} side by side</h1>
      {whole && query && <p class="muted break">All that the filter “{query}” passes.</p>}
      {there.length < ids.length && (
        <p class="muted">{count(ids.length - there.length, 'experiment')} of this view cannot be seen here any more.</p>
      )}
      {there.length === 0 ? (
        <p>Go back to the table and tick the experiments that you want to compare.</p>
      ) : (
        <>
          <Chips
            ids={shown}
            nameOf={nameOf}
            lookOf={lookOf}
            setIds={whole ? null : (next) => setIds(next, slots.current)}
            open={open}
            {...highlight}
          />
          {view.brushes.length > 0 && (
            <p class="brushed">
              <output>
                {kept.length} of {count(there.length, 'experiment')} {kept.length === 1 ? 'lies' : 'lie'} within what
                was chosen in Parallel.
              </output>{' '}
              <button type="button" class="quiet" onClick={() => setAddress(written({ ...view, brushes: [] }))}>
                Show all again
              </button>
              {kept.length > 0 && (
                <button type="button" class="quiet" onClick={() => tick(shown)}>
                  Tick {kept.length === 1 ? 'it' : `these ${kept.length}`} in the table
                </button>
              )}
              {kept.length > 0 && brushed && (
                <button type="button" class="quiet" onClick={() => filter(`${whole ? query : ''} ${brushed}`.trim())}>
                  Filter the table so
                </button>
              )}
              {kept.length > 1 && kept.length <= MOST_ASIDE && (
                <button type="button" class="quiet" onClick={() => compareOnly(shown, slots.current)}>
                  Compare these {kept.length}
                </button>
              )}
            </p>
          )}
          <Tabs label="How they are compared" tabs={pages} chosen={page} choose={setPage}>
            {page !== 'parallel' && page !== 'scatter' && shown.length > MOST_ASIDE && (
              <p class="muted">
                The first {MOST_ASIDE} of {shown.length} are shown. Choose fewer in Parallel or by the table’s filter.
              </p>
            )}
            {page === '' && (
              <CompareTable
                ids={aside}
                attributes={all}
                nameOf={nameOf}
                lookOf={lookOf}
                goalOf={goalOf}
                open={open}
                {...highlight}
              />
            )}
            {page === 'charts' && <Charts ids={aside} nameOf={nameOf} labels={labels} lookOf={lookOf} {...highlight} />}
            {page === 'parallel' && (
              <Parallel
                columns={columns}
                rows={rows}
                kept={kept}
                view={view}
                change={(next) => setAddress(written(next))}
                nameOf={(row) => nameOf(idOf.get(row) ?? '')}
                lit={rowOf.get(lit) ?? null}
              />
            )}
            {page === 'scatter' && (
              <Scatter
                columns={columns}
                rows={kept}
                idOf={(row) => idOf.get(row) ?? ''}
                nameOf={nameOf}
                lookOf={shown.length <= MOST_COLOURED ? lookOf : null}
                open={open}
                {...highlight}
              />
            )}
            {page === 'images' && <SideBySide members={members} />}
            {page === 'notebooks' && <CompareNotebooks members={members} />}
          </Tabs>
        </>
      )}
    </main>
  )
}

function SideBySide({ members }: { members: Member[] }) {
  const ids = members.map((member) => member.id)
  const load = useAnswer(() => readMedia(ids), ids.join(), 'Images')
  if (load.state === 'loading') return <p role="status">Looking for images…</p>
  if (load.state === 'failed') return <p class="error">{load.message}</p>
  return <Images media={load.value} members={members} />
}
