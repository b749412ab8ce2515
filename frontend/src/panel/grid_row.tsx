// One row of the table: an experiment, or a group of them. Only columns in sight are in the document.
import type { TableColumn } from '../api/plugin'
import { formatNumber } from '../lib/format'
import { judged } from '../model/comparison'
import type { Aggregate } from '../model/groups'
import type { Goal, Look } from '../model/layout'
import { Name } from '../ui/name'
import { cellNumber, cellText, cellTitle, type Item, isGroup, rowsOf } from './items'
import { Star } from './star'

export type Marks = {
  looks: ReadonlyMap<string, Look>
  goalOf: (column: TableColumn) => Goal
  // The least and the greatest value that the table shows in a column.
  extentOf: (column: TableColumn) => { low: number; high: number }
  aggregate: Aggregate
  // The experiment that others are measured against.
  baseline: number | null
  // What is wrong with an experiment's files; empty if nothing is.
  warningOf: (row: number) => string
  strokeOf: (id: string) => string
}

type Props = {
  item: Item
  position: number
  columns: TableColumn[]
  shown: number[]
  styleOf: (index: number) => preact.CSSProperties
  classOf: (index: number) => string
  rowHeight: number
  ticked: boolean
  pinned: boolean
  active: number
  marks: Marks
  onTick: () => void
  onOpen: () => void
}

export function GridRow(props: Props) {
  const { item, position, columns, shown, ticked, marks } = props
  const grouped = isGroup(item)
  const warning = grouped ? '' : marks.warningOf(item.row)
  const many = grouped ? `the ${item.group.rows.length} of this group` : ''
  return (
    <div
      role="row"
      tabIndex={-1}
      aria-rowindex={position + 2}
      aria-selected={ticked}
      class={['grid-row', ticked ? 'ticked' : '', props.pinned ? 'baseline' : '', grouped ? 'grouped' : '']
        .filter(Boolean)
        .join(' ')}
      style={props.pinned ? {} : { transform: `translateY(${position * props.rowHeight}px)` }}
    >
      <div role="gridcell" tabIndex={-1} class="tick">
        <button
          type="button"
          class="box"
          tabIndex={-1}
          aria-label={[ticked ? 'Untick' : 'Tick', many].filter(Boolean).join(' ')}
          aria-pressed={ticked}
          style={ticked && !grouped ? { color: marks.strokeOf(item.id) } : {}}
          onClick={props.onTick}
        >
          {ticked ? '☑' : '☐'}
        </button>
      </div>
      {shown.map((index) => {
        const column = columns[index]
        if (!column) return null
        const text = cellText(column, item, marks.aggregate)
        const value = cellNumber(column, item, marks.aggregate)
        const best = isBest(column, value, marks)
        return (
          <div
            key={column.key}
            id={`cell-${position}-${index}`}
            role="gridcell"
            tabIndex={-1}
            aria-colindex={index + 1}
            class={[props.classOf(index), props.active === index ? 'active' : '', best ? 'best' : ''].join(' ')}
            style={{ ...props.styleOf(index), ...painted(column, value, marks) }}
            title={`${index === 0 && grouped ? `${item.group.title} (${item.group.rows.length})` : cellTitle(column, item, marks.aggregate)}${best ? '\nbest of those shown' : ''}${index === 0 && warning ? `\n${warning}` : ''}`}
          >
            {index === 0 && warning && (
              <span class="warns" role="img" aria-label={`Warning: ${warning}`}>
                ⚠
              </span>
            )}
            {index === 0 ? (
              <button
                type="button"
                class={!grouped && item.inGroup ? 'name within' : 'name'}
                tabIndex={-1}
                aria-expanded={grouped ? item.open : undefined}
                onClick={props.onOpen}
              >
                {grouped ? (
                  `${item.open ? '▾' : '▸'} ${item.group.title} (${item.group.rows.length})`
                ) : (
                  <Name text={text} />
                )}
              </button>
            ) : column.toggle && !grouped ? (
              <Star starred={text !== ''} tabIndex={-1} set={() => column.toggle?.(item.row)} />
            ) : column.key === 'state' ? (
              <span class={`state ${text}`}>{text}</span>
            ) : (
              <>
                {text} <Apart column={column} value={value} item={item} marks={marks} />
              </>
            )}
          </div>
        )
      })}
    </div>
  )
}

function Apart({ column, value, item, marks }: { column: TableColumn; value: number; item: Item; marks: Marks }) {
  const { baseline } = marks
  if (baseline === null || column.kind !== 'metric') return null
  const apart = rowsOf(item).includes(baseline) ? 0 : value - (column.at(baseline) as number)
  // Its place is kept where there is nothing to say, so that values stand below each other.
  if (!apart || !Number.isFinite(apart)) return <span class="delta" />
  const found = judged(marks.goalOf(column), apart)
  return (
    <span class={`delta ${found}`}>
      {apart > 0 ? '+' : ''}
      {formatNumber(Number(apart.toPrecision(3)))}
      {found === 'better' && <span aria-hidden="true"> ✓</span>}
      {found && <span class="hidden"> {found}</span>}
    </span>
  )
}

function isBest(column: TableColumn, value: number, marks: Marks): boolean {
  const goal = column.kind === 'metric' ? marks.goalOf(column) : null
  if (!goal || Number.isNaN(value)) return false
  const { low, high } = marks.extentOf(column)
  return low !== high && value === (goal === 'up' ? high : low)
}

function painted(column: TableColumn, value: number, marks: Marks): preact.CSSProperties {
  const look = marks.looks.get(column.key)
  if (!look || !Number.isFinite(value)) return {}
  const { low, high } = marks.extentOf(column)
  const share = high > low ? (value - low) / (high - low) : 1
  // As an image, so that what a pinned cell covers stays covered.
  if (look === 'heat') {
    const colour = `color-mix(in srgb, var(--painted) ${Math.round(share * 100)}%, transparent)`
    return { backgroundImage: `linear-gradient(${colour}, ${colour})` }
  }
  const end = `${(share * 100).toFixed(1)}%`
  return { backgroundImage: `linear-gradient(to right, var(--painted) ${end}, transparent ${end})` }
}
