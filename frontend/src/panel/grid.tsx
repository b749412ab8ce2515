// The table of experiments. Only what is in sight is in the document; one tab stop, arrows move, Space ticks, Enter opens.
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { TableColumn } from '../api/plugin'
import type { SortKey } from '../model/order'
import { partOf, STATISTICS } from '../model/statistics'
import { columnsInSight, pinnedInRoom, rowsInSight } from '../model/window'
import { GridRow, type Marks } from './grid_row'
import { type ColumnDeeds, HeaderMenu } from './header_menu'
import { type Item, isGroup, rowsOf } from './items'

const ROW = 32
const TICK = 40
const NARROW = 600
const NARROW_NAME = 170
const WIDTHS: Record<string, number> = { name: 320, state: 96, started: 140, starred: 96, duration: 120, run_count: 76 }
const GROUPS: Record<string, string> = { system: '', parameter: 'Parameters', metric: 'Metrics' }
const MENU = 28
const DELTA = 90
const DEVIATION = 60
const MENU_WIDTH = 300

type Props = {
  columns: TableColumn[]
  // How many columns stay in sight, the name among them.
  pinned: number
  items: Item[]
  sort: SortKey[]
  ticked: ReadonlySet<string>
  // Whether the first item stays on top.
  baseline: boolean
  grouped: boolean
  marks: Marks
  deeds: ColumnDeeds
  isPinned: (key: string) => boolean
  idOf: (row: number) => string
  onSort: (key: string, add: boolean) => void
  onTick: (ids: string[]) => void
  onTickAll: () => void
  onOpen: (item: Item) => void
  onPin: (id: string) => void
}

export function Grid(props: Props) {
  const { columns, items, marks } = props
  const box = useRef<HTMLDivElement>(null)
  const [sight, setSight] = useState({ top: 0, left: 0, width: 1200, height: 600 })
  const [active, setActive] = useState({ row: -1, column: 0 })
  const [menu, setMenu] = useState<{ key: string; left: number; top: number } | null>(null)
  const narrow = sight.width < NARROW
  const wider = (marks.baseline === null ? 0 : DELTA) + (props.grouped ? DEVIATION : 0)
  const { lefts, widths, total } = useMemo(() => measured(columns, narrow, wider), [columns, narrow, wider])
  const pinned = pinnedInRoom(props.pinned, widths, TICK, sight.width)

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
    const fixedRows = props.baseline ? ROW : 0
    const room = element.clientHeight - 2 * ROW
    if (top - fixedRows < element.scrollTop) element.scrollTop = top - fixedRows
    if (top + ROW > element.scrollTop + room) element.scrollTop = top + ROW - room
    const left = lefts[active.column] ?? 0
    const fixed = TICK + widths.slice(0, pinned).reduce((sum, width) => sum + width, 0)
    if (active.column < pinned) return
    if (left - fixed < element.scrollLeft) element.scrollLeft = left - fixed
    if (left + (widths[active.column] ?? 0) > element.scrollLeft + element.clientWidth) {
      element.scrollLeft = left + (widths[active.column] ?? 0) - element.clientWidth
    }
  }, [active, lefts, widths])

  const inSight = rowsInSight(sight.top, sight.height, ROW, items.length)
  const across = columnsInSight(sight.left, sight.width, lefts, widths)
  const shown = [...new Set([...range(0, pinned), ...range(across.first, across.end)])].filter(
    (index) => index < columns.length,
  )
  const shownRows = [...new Set([...(props.baseline ? [0] : []), ...range(inSight.first, inSight.end)])]
  const idsOf = (item: Item) => rowsOf(item).map(props.idOf)
  const isTicked = (item: Item) => idsOf(item).every((id) => props.ticked.has(id))
  const allTicked = items.length > 0 && items.every(isTicked)
  const styleOf = (index: number) =>
    index < pinned
      ? { left: `${lefts[index] ?? 0}px`, width: `${widths[index] ?? 0}px` }
      : { position: 'absolute' as const, left: `${lefts[index] ?? 0}px`, width: `${widths[index] ?? 0}px` }
  const classOf = (index: number) =>
    ['cell', columns[index]?.numbers ? 'number' : '', index < pinned ? 'sticky' : ''].filter(Boolean).join(' ')

  function openMenu(column: number) {
    const key = columns[column]?.key
    const head = document.getElementById(`cell--1-${column}`)?.getBoundingClientRect()
    if (!key || !head) return
    const left = Math.max(4, Math.min(head.left, window.innerWidth - MENU_WIDTH - 8))
    setMenu({ key, left, top: head.bottom })
  }

  function enter(item: Item) {
    const turn = columns[active.column]?.toggle
    turn && !isGroup(item) ? turn(item.row) : props.onOpen(item)
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.target !== box.current && (event.target as HTMLElement).closest('[popover]')) return
    const page = Math.max(1, Math.floor(sight.height / ROW) - 3)
    const last = { row: items.length - 1, column: columns.length - 1 }
    const { row, column } = active
    const item = row >= 0 ? items[row] : undefined
    const atHead = item === undefined
    const moves: Record<string, () => void> = {
      ArrowDown: () => setActive({ row: Math.min(row + 1, last.row), column }),
      ArrowUp: () => setActive({ row: Math.max(row - 1, -1), column }),
      ArrowRight: () => setActive({ row, column: Math.min(column + 1, last.column) }),
      ArrowLeft: () => setActive({ row, column: Math.max(column - 1, 0) }),
      PageDown: () => setActive({ row: Math.min(row + page, last.row), column }),
      PageUp: () => setActive({ row: Math.max(row - page, 0), column }),
      Home: () => setActive(event.ctrlKey ? { row: 0, column: 0 } : { row, column: 0 }),
      End: () => setActive(event.ctrlKey ? last : { row, column: last.column }),
      ' ': () => (item ? props.onTick(idsOf(item)) : props.onTickAll()),
      Enter: () => (item ? enter(item) : props.onSort(columns[column]?.key ?? '', event.shiftKey)),
      ...(item && !isGroup(item) ? { p: () => props.onPin(item.id) } : {}),
      ...(atHead ? { m: () => openMenu(column), ContextMenu: () => openMenu(column) } : {}),
    }
    const move = moves[event.key]
    if (!move || ((event.ctrlKey || event.metaKey || event.altKey) && event.key.length === 1)) return
    event.preventDefault()
    move()
  }

  const menuColumn = menu && columns.find((each) => each.key === menu.key)
  return (
    <>
      <div
        ref={box}
        class="grid"
        role="grid"
        aria-label="Experiments"
        aria-multiselectable="true"
        aria-rowcount={items.length + 1}
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
              const isActive = active.row === -1 && active.column === index
              return (
                <div
                  key={column.key}
                  id={`cell--1-${index}`}
                  role="columnheader"
                  tabIndex={-1}
                  aria-colindex={index + 1}
                  aria-sort={key ? (key.down ? 'descending' : 'ascending') : 'none'}
                  class={isActive ? `${classOf(index)} active` : classOf(index)}
                  style={styleOf(index)}
                  title={`${GROUPS[column.kind] ? `${GROUPS[column.kind]}: ` : ''}${column.label}`}
                  draggable={index > 0}
                  onDragStart={(event) => event.dataTransfer?.setData('text/plain', column.key)}
                  onDragOver={(event) => event.preventDefault()}
                  onDrop={(event) => {
                    event.preventDefault()
                    const moved = event.dataTransfer?.getData('text/plain') ?? ''
                    if (moved !== column.key) props.deeds.place(moved, column.key)
                  }}
                  onClick={(event) => props.onSort(column.key, event.shiftKey)}
                  onContextMenu={(event) => {
                    event.preventDefault()
                    openMenu(index)
                  }}
                  onKeyDown={() => undefined}
                >
                  {GROUPS[column.kind] && <span class="group">{kindOf(column)} </span>}
                  <span class="label">{column.label}</span>
                  {key && <span aria-hidden="true">{key.down ? ' ↓' : ' ↑'}</span>}
                  {key && props.sort.length > 1 && <sup aria-hidden="true">{at + 1}</sup>}
                  <button
                    type="button"
                    class="menu"
                    tabIndex={-1}
                    aria-label={`Menu of ${column.label}`}
                    aria-haspopup="dialog"
                    onClick={(event) => {
                      event.stopPropagation()
                      openMenu(index)
                    }}
                  >
                    ⋮
                  </button>
                </div>
              )
            })}
          </div>
        </div>
        <div role="rowgroup" class="grid-body" style={{ height: `${items.length * ROW}px`, width: `${total}px` }}>
          {shownRows.map((position) => {
            const item = items[position]
            if (!item) return null
            return (
              <GridRow
                key={item.id}
                item={item}
                position={position}
                columns={columns}
                shown={shown}
                styleOf={styleOf}
                classOf={classOf}
                rowHeight={ROW}
                ticked={isTicked(item)}
                pinned={props.baseline && position === 0}
                active={active.row === position ? active.column : -1}
                marks={marks}
                onTick={() => props.onTick(idsOf(item))}
                onOpen={() => props.onOpen(item)}
              />
            )
          })}
        </div>
      </div>
      {menu && menuColumn && (
        <HeaderMenu
          column={menuColumn}
          at={menu}
          isPinned={props.isPinned(menu.key)}
          isFixed={menuColumn === columns[0]}
          look={marks.looks.get(menu.key) ?? null}
          goal={marks.goalOf(menuColumn)}
          visible={new Set(columns.map(({ key }) => key))}
          values={() => items.flatMap(rowsOf).map((row) => menuColumn.at(row) as number)}
          deeds={props.deeds}
          close={() => {
            setMenu(null)
            box.current?.focus()
          }}
        />
      )}
    </>
  )
}

function kindOf(column: TableColumn): string {
  if (column.kind === 'parameter') return 'param'
  const statistic = partOf(column.key)?.statistic ?? 'last'
  return statistic === 'last' ? 'metric' : STATISTICS[statistic]
}

function measured(columns: TableColumn[], narrow: boolean, wider: number) {
  const widths = columns.map((column) => {
    if (narrow && column.key === 'name') return NARROW_NAME
    const prefix = GROUPS[column.kind] ? 44 : 0
    const room = column.kind === 'metric' ? wider : 0
    return WIDTHS[column.key] ?? Math.min(280, Math.max(96, 36 + prefix + 7.5 * column.label.length)) + MENU + room
  })
  const lefts: number[] = []
  let left = TICK
  for (const width of widths) {
    lefts.push(left)
    left += width
  }
  return { lefts, widths, total: left }
}

function range(first: number, end: number): number[] {
  return Array.from({ length: Math.max(0, end - first) }, (_, offset) => first + offset)
}
