// The tab's home: filter, deeds for what is ticked, and the table in the order, columns and groups that somebody chose.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { type Context, type ExperimentTable, type TableColumn, warningsIn, yesColumn } from '../api/plugin'
import { look } from '../lib/curve'
import { count } from '../lib/format'
import { short } from '../lib/short'
import {
  asTheyCome,
  type Grouping,
  groupColumns,
  groupingText,
  groupsOf,
  ofGroups,
  type RowGroup,
  readGrouping,
} from '../model/groups'
import { guestsFindTheSame } from '../model/guests'
import { type Held, holding } from '../model/held'
import {
  arranged,
  goalIn,
  isPinned,
  layoutText,
  moved,
  movedBy,
  proposedKeys,
  readLayout,
  withGoal,
  withLook,
  withPinned,
  withShown,
} from '../model/layout'
import { readSort, sorted, sortText, turned } from '../model/order'
import { completions, parseQuery, quoted } from '../model/query'
import type { Slots } from '../model/slots'
import { partOf, withStatistics } from '../model/statistics'
import { byId } from './by_id'
import { ColumnManager, lastValues } from './column_manager'
import { Grid } from './grid'
import type { Marks } from './grid_row'
import type { ColumnDeeds } from './header_menu'
import { isDark } from './host'
import { extentOf, type Item, isGroup, rowsOf } from './items'
import { More } from './more'
import type { Remarked } from './remarked'
import { Ticked } from './ticked'
import { Tools } from './tools'
import { useAddress } from './use_address'
import { useKeys } from './use_keys'

const NOT_SHOWN = new Set(['id', 'warnings', 'warned', 'path'])
const TICKED = /\bticked\b/i
const ONLY_TICKED = /(^|\s)ticked=yes(?=\s|$)/gi
const ONLY_WARNED = /(^|\s)warned=yes(?=\s|$)/gi

type Props = {
  table: ExperimentTable
  context: Context | null
  remarked: Remarked
  // What people said of the rows; the table's order follows it at once.
  said: string
  stale: string
  reading: string
  archived: { count: number; shown: boolean; toggle: () => void }
  ticked: string[]
  slots: Slots
  setTicked: (ids: string[]) => void
  open: (id: string) => void
  compare: (ids: string[], slots?: Slots) => void
  help: () => void
  // Told the ids in the order in which they are shown.
  inOrder: (ids: string[]) => void
}

export function Table(props: Props) {
  const { table, context, remarked, stale, reading, archived, open, compare, ticked, slots, setTicked } = props
  const [sortedBy, setSortedBy] = useAddress('sort', 'tweak')
  const sort = useMemo(() => readSort(sortedBy), [sortedBy])
  const [text, setText] = useAddress('filter', 'tweak')
  const [layoutSaid, setLayoutSaid] = useAddress('columns', 'tweak')
  const layout = useMemo(() => readLayout(layoutSaid), [layoutSaid])
  const setLayout = (next: typeof layout) => setLayoutSaid(layoutText(next))
  const [groupingSaid, setGroupingSaid] = useAddress('group', 'tweak')
  const grouping = useMemo(() => readGrouping(groupingSaid), [groupingSaid])
  const [baselineId, setBaselineId] = useAddress('baseline', 'tweak')
  const [openedSaid, setOpenedSaid] = useAddress('opened', 'tweak')
  const opened = useMemo(() => new Set(openedSaid.split(',').filter(Boolean)), [openedSaid])
  const [managing, setManaging] = useState(false)
  const [taken, setTaken] = useState(0)
  const filter = useRef<HTMLInputElement>(null)
  const lastGood = useRef<(row: number) => boolean>(() => true)
  const held = useRef<Held | null>(null)
  const heldGroups = useRef<Held | null>(null)

  const goalFor = useMemo(() => goalIn(layout), [layout])
  const columns: TableColumn[] = useMemo(
    () => withStatistics(table.columns, goalFor).filter((column) => !NOT_SHOWN.has(column.key)),
    [table, goalFor],
  )
  const tickedSet = useMemo(() => new Set(ticked), [ticked])
  const { idOf, rowOf } = useMemo(() => byId(table), [table])
  const warningOf = useMemo(() => warningsIn(table.columns), [table])
  // Ticks change nothing that has to be filtered or put in order anew, unless the filter asks for them.
  const asked = TICKED.test(text) ? tickedSet : null
  const searched = useMemo(
    () => [
      ...columns,
      ...table.columns.filter((column) => NOT_SHOWN.has(column.key)),
      ...(asked ? [yesColumn('ticked', 'Ticked', (row) => asked.has(idOf(row)))] : []),
    ],
    [table, columns, asked],
  )
  const lasts = useMemo(() => lastValues(columns), [columns])
  const proposed = useMemo(() => proposedKeys(lasts, table.rows), [lasts])
  const { columns: visible, pinned } = useMemo(() => arranged(columns, layout, proposed), [columns, layout, proposed])
  const visibleKeys = visible.map(({ key }) => key)

  const query = useMemo(() => parseQuery(text, searched), [text, searched])
  if (query.ok) lastGood.current = query.test
  const test = lastGood.current
  const passing = useMemo(() => {
    const all = Array.from({ length: table.rows }, (_, row) => row)
    return sorted(all.filter(test), sort, searched).map(idOf)
  }, [table, sort, test])
  // Other values of metrics come a moment after they are asked for; what was waiting for them is no news of live logs.
  const there = [query.ok, ...sort.map(({ key }) => searched.some((column) => column.key === key))]
  const chosen = JSON.stringify([sortedBy, text, groupingSaid, archived.shown, props.said, taken, there])
  const view = useMemo(() => holding(held.current, chosen, passing, reading !== ''), [passing, chosen, reading])
  held.current = view.held
  const rows = useMemo(() => view.ids.map((id) => rowOf.get(id) as number), [view, rowOf])
  useEffect(() => props.inOrder(view.ids), [view])

  const by = useMemo(() => groupColumns(grouping.by, columns), [grouping, columns])
  const baseline = rowOf.get(baselineId) ?? null
  const others = useMemo(() => rows.filter((row) => row !== baseline), [rows, baseline])
  const members = useRef<number[]>([])
  members.current = useMemo(() => asTheyCome(others, members.current), [others])
  const groups = useMemo(() => (by.length > 0 ? groupsOf(members.current, by) : []), [members.current, by])
  const items: Item[] = useMemo(() => {
    const single = (row: number, inGroup: boolean): Item => ({ id: idOf(row), row, inGroup })
    const first = baseline === null ? [] : [single(baseline, false)]
    if (by.length === 0) return [...first, ...others.map((row) => single(row, false))]
    const order = sorted(
      groups.map((_, at) => at),
      sort,
      sort
        .flatMap(({ key }) => searched.filter((each) => each.key === key))
        .map((each) => ofGroups(each, groups, grouping.aggregate)),
    )
    const byKey = new Map(groups.map((group) => [group.id, group]))
    const fresh = order.map((at) => groups[at]?.id as string)
    const kept = holding(heldGroups.current, chosen, fresh, reading !== '')
    heldGroups.current = kept.held
    const places = opened.size > 0 ? new Map(others.map((row, at) => [row, at])) : new Map<number, number>()
    const inOrder = (group: RowGroup) =>
      [...group.rows].sort((one, other) => (places.get(one) ?? 0) - (places.get(other) ?? 0))
    return [
      ...first,
      ...[...new Set([...kept.ids, ...fresh])].flatMap((id): Item[] => {
        const group = byKey.get(id)
        if (!group) return []
        const isOpen = opened.size > 0 && opened.has(short(id))
        return [{ id, group, open: isOpen }, ...(isOpen ? inOrder(group).map((row) => single(row, true)) : [])]
      }),
    ]
  }, [others, groups, grouping, opened])

  const marks: Marks = useMemo(() => {
    const extents = new Map<string, { low: number; high: number }>()
    const among = items.filter((item) => by.length === 0 || isGroup(item))
    return {
      looks: layout.looks,
      goalOf: (column) => goalFor(partOf(column.key)?.label ?? ''),
      extentOf: (column) => {
        const known = extents.get(column.key) ?? extentOf(column, among, grouping.aggregate)
        extents.set(column.key, known)
        return known
      },
      aggregate: grouping.aggregate,
      baseline,
      warningOf,
      strokeOf: (id) => look(slots.get(id) ?? 0, isDark()).stroke,
    }
  }, [items, layout, goalFor, slots, baseline])

  useKeys({
    '/': () => filter.current?.focus(),
    c: () => ticked.length > 1 && compareTicked(),
    '?': props.help,
  })
  const compareTicked = () => {
    const first = ticked.filter((id) => id === baselineId)
    compare([...first, ...ticked.filter((id) => id !== baselineId)], slots)
  }
  const tick = (ids: string[]) => {
    const every = ids.every((id) => tickedSet.has(id))
    setTicked(every ? ticked.filter((id) => !ids.includes(id)) : [...new Set([...ticked, ...ids])])
  }
  const shownIds = () => [...new Set(items.flatMap(rowsOf).map(idOf))]
  const tickAll = () => {
    const all = shownIds()
    const gone = new Set(all)
    const every = all.every((id) => tickedSet.has(id))
    setTicked(every ? ticked.filter((id) => !gone.has(id)) : [...new Set([...ticked, ...all])])
  }
  const group = (next: Grouping) => {
    setGroupingSaid(groupingText(next))
    if (next.by.join() !== grouping.by.join()) setOpenedSaid('')
  }
  const deeds: ColumnDeeds = {
    sort: (key, down) => setSortedBy(sortText([{ key, down }])),
    pin: (key, pin) => setLayout(withPinned(layout, key, pin)),
    hide: (key) => setLayout(withShown(layout, key, false, proposed)),
    show: (key) => setLayout(withShown(layout, key, true, proposed)),
    move: (key, by) => setLayout(movedBy(layout, visibleKeys, key, by)),
    place: (key, before) => visibleKeys.includes(key) && setLayout(moved(layout, visibleKeys, key, before)),
    group: (key) => group({ ...grouping, by: [key] }),
    paint: (key, how) => setLayout(withLook(layout, key, how)),
    aim: (label, goal) => setLayout(withGoal(layout, label, goal)),
    filter: (column) => {
      setText(`${text.trim()} ${quoted(column.label)}${column.numbers ? '<' : '='}`.trim())
      filter.current?.focus()
    },
  }
  const withWarning = useMemo(
    () => Array.from({ length: table.rows }, (_, row) => warningOf(row)).filter(Boolean).length,
    [table],
  )
  const onlyWarned = without(text, ONLY_WARNED) !== text.trim()
  const shown = useMemo(() => new Set(view.ids), [view])
  const unseen = ticked.filter((id) => !shown.has(id) && id !== baselineId).length
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
            {completions(text, searched, table.rows).map((each) => (
              <option key={each} value={each} />
            ))}
          </datalist>
        </label>
        <output>
          {rows.length === table.rows
            ? count(table.rows, 'experiment')
            : `${rows.length} of ${count(table.rows, 'experiment')}`}
          {by.length > 0 && ` in ${count(items.filter(isGroup).length, 'group')}`}
          {ticked.length > 0 && `, ${ticked.length} ticked`}
          {unseen > 0 && `, ${unseen} of them not shown`}
        </output>
        {(view.waiting > 0 || view.reordered) && (
          <button type="button" class="quiet news" onClick={() => setTaken(taken + 1)}>
            {view.waiting > 0 ? `Show ${view.waiting} new` : 'Sort again'}
          </button>
        )}
        {(ticked.length > 0 || asked) && (
          <button
            type="button"
            class="quiet"
            aria-pressed={asked !== null}
            onClick={() => setText(turnedBy(text, asked !== null, 'ticked=yes', ONLY_TICKED))}
          >
            Only ticked
          </button>
        )}
        {ticked.length > 0 && (
          <button type="button" class="quiet" onClick={() => setTicked([])}>
            Untick
          </button>
        )}
        {withWarning > 0 && (
          <button
            type="button"
            class="quiet"
            aria-pressed={onlyWarned}
            onClick={() => setText(turnedBy(text, onlyWarned, 'warned=yes', ONLY_WARNED))}
          >
            <span aria-hidden="true">⚠</span> {withWarning} with a warning
          </button>
        )}
        <Ticked gateway={context?.gateway ?? null} ids={ticked} remarked={remarked} />
        {archived.count > 0 && (
          <button type="button" class="quiet" aria-pressed={archived.shown} onClick={archived.toggle}>
            {archived.shown ? 'Hide' : 'Show'} {archived.count} archived
          </button>
        )}
        {ticked.length > 1 && (
          <button type="button" class="quiet" onClick={compareTicked}>
            Compare {ticked.length}
          </button>
        )}
        {ticked.length === 0 && rows.length > 1 && (
          <button type="button" class="quiet" onClick={() => compare([`*${text.trim()}`])}>
            Compare all {rows.length}
          </button>
        )}
        <button type="button" class="quiet" onClick={() => setManaging(true)}>
          Columns
        </button>
        <More
          columns={columns}
          visible={visible}
          rows={() => shownIds().map((id) => rowOf.get(id) as number)}
          groups={() => items.filter(isGroup).map(({ group }) => group)}
          grouping={grouping}
          group={group}
          tickFirst={(first) => setTicked(shownIds().slice(0, first))}
          help={props.help}
        />
        <Tools
          gateway={context?.gateway ?? null}
          chosen={ticked}
          shown={rows.length < table.rows ? rows.map(idOf) : []}
          notForGuests={() => (guestsFindTheSame(text, searched, table.rows) ? [] : ['filter'])}
        />
      </div>
      <div class="says">
        <p id="filter-says" class="error" role="status">
          {query.ok ? stale && `Not up to date: ${stale}` : query.message}
        </p>
        {reading && <p class="muted">{reading}</p>}
        {context?.dashboards_fail && (
          <p class="error">
            TensorBoard’s other tabs are empty for now: its data server ends again and again on these logs. What is here
            is read without it. Move the file away that an experiment warns of, or ask whoever runs the server to read
            its log.
          </p>
        )}
        {baseline !== null && (
          <p class="muted">
            Measured against{' '}
            <span class="break">{String(table.columns.find(({ key }) => key === 'name')?.at(baseline))}</span>.{' '}
            <button type="button" class="quiet" onClick={() => setBaselineId('')}>
              No longer
            </button>
          </p>
        )}
      </div>
      {rows.length === 0 && <p class="muted pad">No experiment matches. Change or clear the filter.</p>}
      <Grid
        columns={visible}
        pinned={pinned}
        items={items}
        sort={sort}
        ticked={tickedSet}
        baseline={baseline !== null}
        grouped={by.length > 0}
        marks={marks}
        deeds={deeds}
        isPinned={(key) => isPinned(key, layout)}
        idOf={idOf}
        onSort={(key, add) => setSortedBy(sortText(turned(sort, key, add)))}
        onTick={tick}
        onTickAll={tickAll}
        onOpen={(item) => {
          if (!isGroup(item)) return open(item.id)
          const next = new Set(opened)
          if (!next.delete(short(item.id))) next.add(short(item.id))
          setOpenedSaid([...next].join(','))
        }}
        onPin={(id) => setBaselineId(id === baselineId ? '' : id)}
      />
      {managing && (
        <ColumnManager
          all={lasts}
          visible={visible}
          layout={layout}
          proposed={proposed}
          goalOf={goalFor}
          change={setLayout}
          reset={() => setLayoutSaid('')}
          close={() => setManaging(false)}
        />
      )}
    </main>
  )
}

const without = (text: string, part: RegExp) => text.replace(part, ' ').trim()

// A filter that asks for this part, or no longer.
function turnedBy(text: string, isOn: boolean, part: string, found: RegExp): string {
  return isOn ? without(text, found) : `${text.trim()} ${part}`.trim()
}
