// The Experiments tab: loads, polls, and puts table, detail and share dialog together.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { AskFailed } from '../api/http'
import { type Context, type ExperimentTable, readContext, readTable } from '../api/plugin'
import type { Load } from '../lib/load'
import { inOrder, readCompared } from '../model/compared'
import { guestsFindTheSame } from '../model/guests'
import { goalIn, readLayout } from '../model/layout'
import { readingOf } from '../model/reading'
import { readSlotted, type Slots, slotted, slottedText } from '../model/slots'
import { statisticsFor, withStatistics } from '../model/statistics'
import { useUnsaved } from '../ui/use_unsaved'
import { Compare } from './compare'
import { Detail } from './detail'
import { Help } from './help'
import { isHidden, type Key, onBack, reloadPage, setState, state } from './host'
import { archivedIn, type Remarked, useAnnotations, withRemarks } from './remarked'
import { Table } from './table'
import { Tools } from './tools'
import { isWriting } from './unsaved'
import { useAddress } from './use_address'
import { useKeys } from './use_keys'
import { useOpening } from './use_opening'

const POLL_MS = 4000
// While logs are being read, what is shown changes sooner.
const SOON_MS = 1000
const FIRST_LOG = `from torch.utils.tensorboard import SummaryWriter

writer = SummaryWriter("runs/first")
writer.add_scalar("loss", 0.5, 1)
writer.close()`

export function Panel() {
  const [context, setContext] = useState<Context | null>(null)
  const [load, setLoad] = useState<Load<ExperimentTable>>({ state: 'loading' })
  const [stale, setStale] = useState('')
  const [ended, setEnded] = useState(false)
  const [open, setOpen] = useState(state('experiment'))
  const [compared, setCompared] = useState(compareOf())
  const [tickedText, setTickedText] = useAddress('ticked', 'tweak')
  const { ids: ticked, slots } = useMemo(() => readSlotted(tickedText), [tickedText])
  const setTicked = (ids: string[]) => setTickedText(slottedText(ids, slotted(ids, slots)))
  const [sortedBy] = useAddress('sort', 'tweak')
  const [filtered, setFiltered] = useAddress('filter', 'tweak')
  const [layout] = useAddress('columns', 'tweak')
  const goalFor = useMemo(() => goalIn(readLayout(layout)), [layout])
  const of = statisticsFor([layout, sortedBy, filtered])
  const etag = useRef('')
  const order = useRef<string[]>([])
  const [helping, setHelping] = useState(false)
  const [archivedSaid, setArchivedSaid] = useAddress('archived', 'tweak')
  const archivedToo = archivedSaid !== ''
  const remarked = useAnnotations(context?.gateway ?? null)
  useOpening(context?.gateway ?? null)
  const writer = ended ? null : context?.gateway
  // Whoever is led to signing in comes back to what they wrote.
  useUnsaved(() => Boolean(writer && isWriting(writer)))
  const table = useMemo(
    () => (load.state === 'ready' ? withRemarks(load.value, remarked, archivedToo) : null),
    [load, remarked.all, remarked.star, archivedToo],
  )
  const said = useMemo(() => saidOf(remarked), [remarked.all])
  const isWhole = compared[0]?.startsWith('*') ?? false
  const isComparing = compared.length > 0
  const beingCompared = useMemo(() => {
    if (load.state !== 'ready' || !isComparing) return null
    const base = isWhole ? table : withRemarks(load.value, remarked, true)
    return base && { ...base, columns: withStatistics(base.columns, goalFor) }
  }, [load, table, remarked.all, goalFor, isWhole, isComparing])

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
    let isFirst = true
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
        // Other values of metrics are another table.
        if (isFirst) etag.current = ''
        isFirst = false
        const fresh = await readTable(etag.current, of)
        if (over) return
        setStale('')
        setEnded(false)
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
        setEnded(failure instanceof AskFailed && failure.status === 401)
      }
    }
    look()
    window.addEventListener('resize', look)
    return () => {
      over = true
      clearTimeout(timer)
      window.removeEventListener('resize', look)
    }
  }, [of])

  const go = (id: string) => {
    setState({ experiment: id, page: '', images: '', texts: '', zoom: '', charts: '', file: '', cell: '' }, 'step')
    setOpen(id)
  }
  const compare = (ids: string[], kind: 'step' | 'tweak' = 'step', places: Slots = new Map()) => {
    const begun = {
      tab: ids[0]?.startsWith('*') ? 'parallel' : '',
      parallel: '',
      scatter: '',
      images: '',
      zoom: '',
      charts: '',
      file: '',
    }
    const said = ids[0]?.startsWith('*') ? ids[0] : slottedText(ids, slotted(ids, places))
    setState({ compare: said, ...(kind === 'step' ? begun : {}) }, kind)
    setCompared(ids)
  }
  const ordered = useMemo(
    () => (open && table ? inOrder(withStatistics(table.columns, goalFor), table.rows, filtered, sortedBy) : []),
    [open, table, filtered, sortedBy, goalFor],
  )
  const beside = (by: -1 | 1) => {
    // Whoever came by an address has seen no table yet.
    const ids = order.current.length > 0 ? order.current : ordered
    const at = ids.indexOf(open)
    return at < 0 ? '' : (ids[at + by] ?? '')
  }
  useKeys({
    '[': () => open && beside(-1) && go(beside(-1)),
    ']': () => open && beside(1) && go(beside(1)),
    ...(open || compared.length > 0 ? { '?': () => setHelping(true) } : {}),
  })
  const help = helping && <Help close={() => setHelping(false)} />
  if (load.state === 'loading') return <Message title="Experiments" text="Reading the logs…" />
  if (ended) return <SignInAgain />
  if (load.state === 'failed') return <Message title={load.title} text={load.message} />
  const notForGuests = () => {
    const columns = table ? withStatistics(table.columns, goalFor) : []
    const same = (text: string) => guestsFindTheSame(text, columns, table?.rows ?? 0)
    const comparing: Key[] = isWhole && !same(compared[0]?.slice(1) ?? '') ? ['compare'] : []
    return same(filtered) ? comparing : [...comparing, 'filter' as const]
  }
  const tools = (chosen: string[]) =>
    context?.gateway && (
      <section class="beside" aria-label="This view">
        <Tools gateway={context.gateway} chosen={chosen} shown={[]} notForGuests={notForGuests} />
      </section>
    )
  if (open)
    return (
      <>
        {tools([open])}
        <Detail
          id={open}
          gateway={context?.gateway ?? null}
          changed={remarked.refresh}
          close={() => go('')}
          beside={beside}
          go={go}
        />
        {help}
      </>
    )
  const reading = context ? readingOf(context.index) : ''
  if (load.value.rows === 0 || !table) return reading ? <Message title="Experiments" text={reading} /> : <Empty />
  if (isComparing) {
    return (
      <>
        {tools(compared.filter((id) => !id.startsWith('*')))}
        <Compare
          key={isWhole ? compared[0] : ''}
          table={beingCompared ?? table}
          chosen={compared}
          places={readSlotted(isWhole ? '' : state('compare')).slots}
          goalOf={goalFor}
          hasFiles={!context?.gateway || context.gateway.may.includes('read_files')}
          setIds={(ids, places) => compare(ids, 'tweak', places)}
          compareOnly={(ids, places) => compare(ids, 'step', places)}
          tick={(ids) => {
            setTicked(ids)
            compare([])
          }}
          filter={(text) => {
            compare([])
            setFiltered(text)
          }}
          close={() => compare([])}
          open={go}
        />
        {help}
      </>
    )
  }
  const archived = {
    count: archivedIn(load.value, remarked),
    shown: archivedToo,
    toggle: () => setArchivedSaid(archivedToo ? '' : 'yes'),
  }
  return (
    <>
      <Table
        table={table}
        context={context}
        remarked={remarked}
        said={said}
        stale={stale}
        reading={reading}
        archived={archived}
        ticked={ticked}
        slots={slots}
        setTicked={setTicked}
        open={go}
        compare={(ids, places) => compare(ids, 'step', places)}
        help={() => setHelping(true)}
        inOrder={(ids) => {
          order.current = ids
        }}
      />
      {help}
    </>
  )
}

// What of it can put rows in another place.
function saidOf({ all }: Remarked): string {
  return JSON.stringify(all.map((each) => [each.experiment, each.archived, each.starred, each.display_name, each.tags]))
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
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard */}
      <pre tabIndex={0}>{FIRST_LOG}</pre>
      <button type="button" class="quiet" onClick={() => navigator.clipboard?.writeText(FIRST_LOG)}>
        Copy
      </button>
    </main>
  )
}

// The page leads to signing in and from there back to what it shows; what somebody was writing is kept in the browser's tab.
function SignInAgain() {
  return (
    <main class="message">
      <h1>Sign in again</h1>
      <p role="status">Your session has ended. Signing in leads back here, and what you were writing is kept.</p>
      <button type="button" class="primary" onClick={reloadPage}>
        Sign in
      </button>
    </main>
  )
}

function titleOf(failure: Error): string {
  if (!(failure instanceof AskFailed)) return 'The experiments cannot be shown'
  if (failure.status === 403) return 'This link has ended'
  return 'The experiments cannot be shown'
}
