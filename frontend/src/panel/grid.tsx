// The table of experiments. Only what is in sight is in the document; one tab stop, arrows move, Space ticks, Enter opens.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { ExperimentTable, TableColumn } from '../api/plugin'
import { formatDuration, formatNumber, formatTime } from '../lib/format'
import type { SortKey } from '../model/order'
import { columnsInSight, rowsInSight } from '../model/window'
import { Star } from './star'

const ROW = 32
const TICK = 40
const NARROW = 600
const NARROW_NAME = 170
const WIDTHS: Record<string, number> = { name: 320, state: 96, started: 140, starred: 84, duration: 110, run_count: 64 }
const GROUPS: Record<string, string> = { system: '', parameter: 'Parameters', metric: 'Metrics, last value' }

type Props = {
  table: ExperimentTable
  columns: TableColumn[]
  rows: number[]
  sort: SortKey[]
  ticked: ReadonlySet<string>
  idOf: (row: number) => string
  onSort: (key: string, add: boolean) => void
  onTick: (id: string) => void
  onTickAll: () => void
  onOpen: (id: string) => void
}

export function Grid(props: Props) {
  const { columns, rows } = props
  const box = useRef<HTMLDivElement>(null)
  const [sight, setSight] = useState({ top: 0, left: 0, width: 1200, height: 600 })
  const [active, setActive] = useState({ row: -1, column: 0 })
  const narrow = sight.width < NARROW
  const { lefts, widths, total } = useMemo(() => measured(columns, narrow), [columns, narrow])

  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const look = () =>
      setSight({
        top: element.scrollTop,
        left: element.scrollLeft,
        width: element.clientWidth,
        height: element.clientHeight,
      })
    look()
    element.addEventListener('scroll', look, { passive: true })
    const observer = new ResizeObserver(look)
    observer.observe(element)
    return () => {
      element.removeEventListener('scroll', look)
      observer.disconnect()
    }
  }, [])

  useEffect(() => {
    const element = box.current
    if (!element || active.row < 0) return
    const top = active.row * ROW
    const room = element.clientHeight - 2 * ROW
    if (top < element.scrollTop) element.scrollTop = top
    if (top + ROW > element.scrollTop + room) element.scrollTop = top + ROW - room
    const left = lefts[active.column] ?? 0
    const fixed = active.column === 0 ? 0 : (widths[0] ?? 0) + TICK
    if (left - fixed < element.scrollLeft && active.column > 0) element.scrollLeft = left - fixed
    if (left + (widths[active.column] ?? 0) > element.scrollLeft + element.clientWidth) {
      element.scrollLeft = left + (widths[active.column] ?? 0) - element.clientWidth
    }
  }, [active, lefts, widths])

  const inSight = rowsInSight(sight.top, sight.height, ROW, rows.length)
  const across = columnsInSight(sight.left, sight.width, lefts, widths)
  const shown = [...new Set([0, ...range(across.first, across.end)])]
  const allTicked = rows.length > 0 && rows.every((row) => props.ticked.has(props.idOf(row)))

  function enter(id: string) {
    const turn = columns[active.column]?.toggle
    turn ? turn(rows[active.row] ?? 0) : props.onOpen(id)
  }

  function onKeyDown(event: KeyboardEvent) {
    const page = Math.max(1, Math.floor(sight.height / ROW) - 3)
    const last = { row: rows.length - 1, column: columns.length - 1 }
    const { row, column } = active
    const id = row >= 0 && row < rows.length ? props.idOf(rows[row] ?? 0) : ''
    const moves: Record<string, () => void> = {
      ArrowDown: () => setActive({ row: Math.min(row + 1, last.row), column }),
      ArrowUp: () => setActive({ row: Math.max(row - 1, -1), column }),
      ArrowRight: () => setActive({ row, column: Math.min(column + 1, last.column) }),
      ArrowLeft: () => setActive({ row, column: Math.max(column - 1, 0) }),
      PageDown: () => setActive({ row: Math.min(row + page, last.row), column }),
      PageUp: () => setActive({ row: Math.max(row - page, 0), column }),
      Home: () => setActive(event.ctrlKey ? { row: 0, column: 0 } : { row, column: 0 }),
      End: () => setActive(event.ctrlKey ? last : { row, column: last.column }),
      ' ': () => (id ? props.onTick(id) : props.onTickAll()),
      Enter: () => (id ? enter(id) : props.onSort(columns[column]?.key ?? '', event.shiftKey)),
    }
    const move = moves[event.key]
    if (!move) return
    event.preventDefault()
    move()
  }

  return (
    <div
      ref={box}
      class="grid"
      role="grid"
      aria-label="Experiments"
      aria-multiselectable="true"
      aria-rowcount={rows.length + 1}
      aria-colcount={columns.length}
      aria-activedescendant={`cell-${active.row}-${active.column}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
    >
      <div role="rowgroup" class="grid-head" style={{ width: `${total}px` }}>
        <div role="row" tabIndex={-1} aria-rowindex={1} class="grid-row">
          <div role="columnheader" tabIndex={-1} class="tick">
            <button
              type="button"
              class="box"
              tabIndex={-1}
              aria-label={allTicked ? 'Untick all' : 'Tick all'}
              onClick={props.onTickAll}
            >
              {allTicked ? '☑' : '☐'}
            </button>
          </div>
          {shown.map((index) => {
            const column = columns[index]
            if (!column) return null
            const at = props.sort.findIndex((each) => each.key === column.key)
            const key = props.sort[at]
            return (
              <div
                key={column.key}
                id={`cell--1-${index}`}
                role="columnheader"
                tabIndex={-1}
                aria-colindex={index + 1}
                aria-sort={key ? (key.down ? 'descending' : 'ascending') : 'none'}
                class={cellClass(column, index, active.row === -1 && active.column === index)}
                style={place(index, lefts, widths)}
                title={`${GROUPS[column.kind] ? `${GROUPS[column.kind]}: ` : ''}${column.label}`}
                onClick={(event) => props.onSort(column.key, event.shiftKey)}
                onKeyDown={() => undefined}
              >
                {GROUPS[column.kind] && <span class="group">{column.kind === 'parameter' ? 'param' : 'metric'}</span>}
                <span class="label">{column.label}</span>
                {key && <span aria-hidden="true">{key.down ? ' ↓' : ' ↑'}</span>}
                {key && props.sort.length > 1 && <sup aria-hidden="true">{at + 1}</sup>}
              </div>
            )
          })}
        </div>
      </div>
      <div role="rowgroup" class="grid-body" style={{ height: `${rows.length * ROW}px`, width: `${total}px` }}>
        {range(inSight.first, inSight.end).map((position) => {
          const row = rows[position] ?? 0
          const id = props.idOf(row)
          const ticked = props.ticked.has(id)
          return (
            <div
              key={id}
              role="row"
              tabIndex={-1}
              aria-rowindex={position + 2}
              aria-selected={ticked}
              class={ticked ? 'grid-row ticked' : 'grid-row'}
              style={{ transform: `translateY(${position * ROW}px)` }}
            >
              <div role="gridcell" tabIndex={-1} class="tick">
                <button
                  type="button"
                  class="box"
                  tabIndex={-1}
                  aria-label={ticked ? 'Untick' : 'Tick'}
                  aria-pressed={ticked}
                  onClick={() => props.onTick(id)}
                >
                  {ticked ? '☑' : '☐'}
                </button>
              </div>
              {shown.map((index) => {
                const column = columns[index]
                if (!column) return null
                const text = cellText(column, row)
                return (
                  <div
                    key={column.key}
                    id={`cell-${position}-${index}`}
                    role="gridcell"
                    tabIndex={-1}
                    aria-colindex={index + 1}
                    class={cellClass(column, index, active.row === position && active.column === index)}
                    style={place(index, lefts, widths)}
                    title={column.title?.(row) ?? text}
                  >
                    {index === 0 ? (
                      <button type="button" class="name" tabIndex={-1} onClick={() => props.onOpen(id)}>
                        {text}
                      </button>
                    ) : column.toggle ? (
                      <Star starred={text !== ''} tabIndex={-1} set={() => column.toggle?.(row)} />
                    ) : column.key === 'state' ? (
                      <span class={`state ${text}`}>{text}</span>
                    ) : (
                      text
                    )}
                  </div>
                )
              })}
            </div>
          )
        })}
      </div>
    </div>
  )
}

function cellText(column: TableColumn, row: number): string {
  const value = column.at(row)
  if (typeof value === 'string') return value
  if (column.key === 'started') return formatTime(value)
  if (column.key === 'duration') return formatDuration(value)
  return formatNumber(value)
}

function cellClass(column: TableColumn, index: number, active: boolean): string {
  return ['cell', column.numbers ? 'number' : '', index === 0 ? 'sticky' : '', active ? 'active' : '']
    .filter(Boolean)
    .join(' ')
}

function measured(columns: TableColumn[], narrow: boolean) {
  const widths = columns.map((column) => {
    if (narrow && column.key === 'name') return NARROW_NAME
    const prefix = GROUPS[column.kind] ? 44 : 0
    return WIDTHS[column.key] ?? Math.min(280, Math.max(96, 36 + prefix + 7.5 * column.label.length))
  })
  const lefts: number[] = []
  let left = TICK
  for (const width of widths) {
    lefts.push(left)
    left += width
  }
  return { lefts, widths, total: left }
}

function place(index: number, lefts: number[], widths: number[]) {
  const width = `${widths[index] ?? 0}px`
  return index === 0
    ? { left: `${TICK}px`, width }
    : { position: 'absolute' as const, left: `${lefts[index] ?? 0}px`, width }
}

function range(first: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, offset) => first + offset)
}
