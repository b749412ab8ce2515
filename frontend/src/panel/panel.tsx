// The Experiments tab: loads, polls, and puts table, detail and share dialog together.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { AskFailed } from '../api/http'
import { type Context, type ExperimentTable, readContext, readTable, type TableColumn } from '../api/plugin'
import { count } from '../lib/format'
import type { Load } from '../lib/load'
import { readCompared } from '../model/compared'
import { readSort, sorted, sortText, turned } from '../model/order'
import { completions, parseQuery } from '../model/query'
import { readingOf } from '../model/reading'
import { Compare } from './compare'
import { Detail } from './detail'
import { Grid } from './grid'
import { isHidden, onBack, setState, state } from './host'
import { archivedIn, type Remarked, useAnnotations, withRemarks } from './remarked'
import { Ticked } from './ticked'
import { Tools } from './tools'
import { useAddress } from './use_address'
import { useOpening } from './use_opening'

const POLL_MS = 4000
// While logs are being read, what is shown changes sooner.
const SOON_MS = 1000
const NOT_SHOWN = new Set(['id', 'warnings', 'path'])
const FIRST_LOG = `from torch.utils.tensorboard import SummaryWriter

writer = SummaryWriter("runs/first")
writer.add_scalar("loss", 0.5, 1)
writer.close()`

export function Panel() {
  const [context, setContext] = useState<Context | null>(null)
  const [load, setLoad] = useState<Load<ExperimentTable>>({ state: 'loading' })
  const [stale, setStale] = useState('')
  const [open, setOpen] = useState(state('experiment'))
  const [compared, setCompared] = useState(compareOf())
  const [tickedText, setTickedText] = useAddress('ticked', 'tweak')
  const ticked: ReadonlySet<string> = useMemo(() => new Set(tickedText.split(',').filter(Boolean)), [tickedText])
  const setTicked = (ids: ReadonlySet<string>) => setTickedText([...ids].join(','))
  const etag = useRef('')
  const [archivedToo, setArchivedToo] = useState(false)
  const remarked = useAnnotations(context?.gateway ?? null)
  useOpening(context?.gateway ?? null)
  const table = useMemo(
    () => (load.state === 'ready' ? withRemarks(load.value, remarked, archivedToo) : null),
    [load, remarked.all, remarked.star, archivedToo],
  )

  useEffect(
    () =>
      onBack(() => {
        setOpen(state('experiment'))
        setCompared(compareOf())
      }),
    [],
  )
  useEffect(() => {
    let over = false
    let timer = 0
    let soon = false
    async function look() {
      clearTimeout(timer)
      await ask()
      if (!over) timer = window.setTimeout(look, soon ? SOON_MS : POLL_MS)
    }
    async function ask() {
      if (isHidden()) return
      try {
        const about = await readContext()
        soon = readingOf(about.index) !== ''
        setContext(about)
        const fresh = await readTable(etag.current)
        if (over) return
        setStale('')
        if (fresh) {
          etag.current = fresh.etag
          setLoad({ state: 'ready', value: fresh })
        }
      } catch (failure) {
        if (over || !(failure instanceof Error)) return
        const refused = failure instanceof AskFailed && [401, 403, 404].includes(failure.status)
        if (refused || etag.current === '')
          setLoad({ state: 'failed', title: titleOf(failure), message: failure.message })
        else setStale(failure.message)
        if (refused) etag.current = ''
      }
    }
    look()
    window.addEventListener('resize', look)
    return () => {
      over = true
      clearTimeout(timer)
      window.removeEventListener('resize', look)
    }
  }, [])

  const go = (id: string) => {
    setState({ experiment: id, page: '', images: '' }, 'step')
    setOpen(id)
  }
  const compare = (ids: string[], kind: 'step' | 'tweak' = 'step') => {
    const begun = { tab: ids[0]?.startsWith('*') ? 'parallel' : '', parallel: '', scatter: '', images: '' }
    setState({ compare: ids.join(','), ...(kind === 'step' ? begun : {}) }, kind)
    setCompared(ids)
  }
  if (load.state === 'loading') return <Message title="Experiments" text="Reading the logs…" />
  if (load.state === 'failed') return <Message title={load.title} text={load.message} />
  const tools = (chosen: string[]) =>
    context?.gateway && (
      <section class="beside" aria-label="This view">
        <Tools gateway={context.gateway} chosen={chosen} shown={[]} />
      </section>
    )
  if (open)
    return (
      <>
        {tools([open])}
        <Detail id={open} gateway={context?.gateway ?? null} changed={remarked.refresh} close={() => go('')} />
      </>
    )
  const reading = context ? readingOf(context.index) : ''
  if (load.value.rows === 0 || !table) return reading ? <Message title="Experiments" text={reading} /> : <Empty />
  if (compared.length > 0) {
    return (
      <>
        {tools(compared.filter((id) => !id.startsWith('*')))}
        <Compare
          key={compared[0]?.startsWith('*') ? compared[0] : ''}
          table={compared[0]?.startsWith('*') ? table : withRemarks(load.value, remarked, true)}
          chosen={compared}
          setIds={(ids) => compare(ids, 'tweak')}
          compareOnly={(ids) => compare(ids)}
          tick={(ids) => {
            setTicked(new Set(ids))
            compare([])
          }}
          close={() => compare([])}
          open={go}
        />
      </>
    )
  }
  const archived = {
    count: archivedIn(load.value, remarked),
    shown: archivedToo,
    toggle: () => setArchivedToo(!archivedToo),
  }
  return (
    <Table
      table={table}
      context={context}
      remarked={remarked}
      stale={stale}
      reading={reading}
      archived={archived}
      open={go}
      compare={compare}
      ticked={ticked}
      setTicked={setTicked}
    />
  )
}

function Table({
  table,
  context,
  remarked,
  stale,
  reading,
  archived,
  open,
  compare,
  ticked,
  setTicked,
}: {
  table: ExperimentTable
  context: Context | null
  remarked: Remarked
  stale: string
  reading: string
  archived: { count: number; shown: boolean; toggle: () => void }
  open: (id: string) => void
  compare: (ids: string[]) => void
  ticked: ReadonlySet<string>
  setTicked: (ids: ReadonlySet<string>) => void
}) {
  const [sortedBy, setSortedBy] = useAddress('sort', 'tweak')
  const sort = useMemo(() => readSort(sortedBy), [sortedBy])
  const [text, setText] = useAddress('filter', 'tweak')
  const filter = useRef<HTMLInputElement>(null)
  const lastGood = useRef<(row: number) => boolean>(() => true)

  const ids = table.columns.find((column) => column.key === 'id')
  const idOf = (row: number) => String(ids?.at(row) ?? '')
  const columns: TableColumn[] = useMemo(() => table.columns.filter((column) => !NOT_SHOWN.has(column.key)), [table])
  const query = useMemo(() => parseQuery(text, table.columns), [text, table])
  if (query.ok) lastGood.current = query.test
  const test = lastGood.current
  const rows = useMemo(() => {
    const all = Array.from({ length: table.rows }, (_, row) => row)
    return sorted(all.filter(test), sort, table.columns)
  }, [table, sort, test])

  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== '/' || event.target instanceof HTMLInputElement) return
      event.preventDefault()
      filter.current?.focus()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])

  const tick = (id: string) => {
    const next = new Set(ticked)
    if (!next.delete(id)) next.add(id)
    setTicked(next)
  }
  const tickAll = () => {
    const all = rows.map(idOf)
    const next = new Set(ticked)
    const every = all.every((id) => ticked.has(id))
    for (const id of all) every ? next.delete(id) : next.add(id)
    setTicked(next)
  }
  return (
    <main class="panel">
      <h1 class="hidden">Experiments</h1>
      <div class="bar">
        <label class="filter">
          <span class="hidden">Filter</span>
          <input
            ref={filter}
            type="search"
            placeholder="Filter: words, or lr<0.01, state=finished, tag:best"
            list="filter-goes-on"
            value={text}
            aria-invalid={!query.ok}
            aria-describedby="filter-says"
            onInput={(event) => setText(event.currentTarget.value)}
          />
          <datalist id="filter-goes-on">
            {completions(text, columns, table.rows).map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
        </label>
        <output>
          {rows.length === table.rows
            ? count(table.rows, 'experiment')
            : `${rows.length} of ${count(table.rows, 'experiment')}`}
          {ticked.size > 0 && `, ${ticked.size} ticked`}
        </output>
        {ticked.size > 0 && (
          <button type="button" class="quiet" onClick={() => setTicked(new Set())}>
            Untick
          </button>
        )}
        <Ticked gateway={context?.gateway ?? null} ids={[...ticked]} remarked={remarked} />
        {archived.count > 0 && (
          <button type="button" class="quiet" aria-pressed={archived.shown} onClick={archived.toggle}>
            {archived.shown ? 'Hide' : 'Show'} {archived.count} archived
          </button>
        )}
        {ticked.size > 1 && (
          <button type="button" class="quiet" onClick={() => compare([...ticked])}>
            Compare {ticked.size}
          </button>
        )}
        {ticked.size === 0 && rows.length > 1 && (
          <button type="button" class="quiet" onClick={() => compare([`*${text.trim()}`])}>
            Compare all {rows.length}
          </button>
        )}
        <Tools
          gateway={context?.gateway ?? null}
          chosen={[...ticked]}
          shown={rows.length < table.rows ? rows.map(idOf) : []}
        />
      </div>
      <p id="filter-says" class="error" role="status">
        {query.ok ? stale && `Not up to date: ${stale}` : query.message}
      </p>
      {reading && <p class="muted pad">{reading}</p>}
      {rows.length === 0 && <p class="muted pad">No experiment matches. Change or clear the filter.</p>}
      <Grid
        table={table}
        columns={columns}
        rows={rows}
        sort={sort}
        ticked={ticked}
        idOf={idOf}
        onSort={(key, add) => setSortedBy(sortText(turned(sort, key, add)))}
        onTick={tick}
        onTickAll={tickAll}
        onOpen={open}
      />
    </main>
  )
}

function compareOf(): string[] {
  return readCompared(state('compare'))
}

function Message({ title, text }: { title: string; text: string }) {
  return (
    <main class="message">
      <h1>{title}</h1>
      <p role="status">{text}</p>
    </main>
  )
}

function Empty() {
  return (
    <main class="message">
      <h1>No experiments yet</h1>
      <p>As soon as training writes TensorBoard logs here, they appear by themselves. To log a first one:</p>
      <pre>{FIRST_LOG}</pre>
      <button type="button" class="quiet" onClick={() => navigator.clipboard?.writeText(FIRST_LOG)}>
        Copy
      </button>
    </main>
  )
}

function titleOf(failure: Error): string {
  if (!(failure instanceof AskFailed)) return 'The experiments cannot be shown'
  if (failure.status === 401) return 'Sign in again'
  if (failure.status === 403) return 'This link has ended'
  return 'The experiments cannot be shown'
}
