// What can be done with one column: put in order, pin, hide, move, group, paint, say what is good, look at how its values are spread.
import { useEffect, useRef } from 'preact/hooks'
import type { TableColumn } from '../api/plugin'
import { spread } from '../model/groups'
import { histogram } from '../model/histogram'
import type { Goal, Look } from '../model/layout'
import { keyOf, partOf, STATISTICS, type Statistic } from '../model/statistics'
import { said } from './items'

const PARTS = 24
// What every experiment has for itself: groups by it would hold one each.
const OWN = new Set(['started', 'duration'])

export type ColumnDeeds = {
  sort: (key: string, down: boolean) => void
  pin: (key: string, pinned: boolean) => void
  hide: (key: string) => void
  show: (key: string) => void
  move: (key: string, by: -1 | 1) => void
  place: (key: string, before: string) => void
  group: (key: string) => void
  paint: (key: string, look: Look | null) => void
  aim: (label: string, goal: Goal) => void
  filter: (column: TableColumn) => void
}

type Props = {
  column: TableColumn
  at: { left: number; top: number }
  isPinned: boolean
  isFixed: boolean
  look: Look | null
  goal: Goal
  visible: ReadonlySet<string>
  // Of the rows that are shown.
  values: () => number[]
  deeds: ColumnDeeds
  close: () => void
}

export function HeaderMenu({ column, at, isPinned, isFixed, look, goal, visible, values, deeds, close }: Props) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    box.current?.showPopover()
    box.current?.querySelector('button')?.focus()
  }, [])
  const { key } = column
  const part = partOf(key)
  const done = (deed: () => void) => () => {
    box.current?.hidePopover()
    deed()
  }
  const item = (text: string, deed: () => void, pressed?: boolean) => (
    <button type="button" class="quiet" aria-pressed={pressed} onClick={done(deed)}>
      {text}
    </button>
  )
  return (
    <div
      ref={box}
      popover="auto"
      class="popover header-menu"
      role="dialog"
      aria-label={`Column ${column.label}`}
      style={{ left: `${at.left}px`, top: `${at.top}px` }}
      onToggle={(event) => event.newState === 'closed' && close()}
      onKeyDown={(event) => {
        event.stopPropagation()
        alongButtons(event)
      }}
    >
      <strong class="break">{column.label}</strong>
      <div class="deeds">
        {item('Sort up', () => deeds.sort(key, false))}
        {item('Sort down', () => deeds.sort(key, true))}
        {item('Filter by it', () => deeds.filter(column))}
        {!isFixed && item(isPinned ? 'Unpin' : 'Pin', () => deeds.pin(key, !isPinned))}
        {!isFixed && item('Move left', () => deeds.move(key, -1))}
        {!isFixed && item('Move right', () => deeds.move(key, 1))}
        {!isFixed && item('Hide', () => deeds.hide(key))}
        {!isFixed && !part && !OWN.has(key) && item('Group by it', () => deeds.group(key))}
      </div>
      {column.numbers && (
        <>
          <span class="muted">Cells</span>
          <div class="deeds">
            {item('Plain', () => deeds.paint(key, null), look === null)}
            {item('Bars', () => deeds.paint(key, 'bars'), look === 'bars')}
            {item('Heat', () => deeds.paint(key, 'heat'), look === 'heat')}
          </div>
        </>
      )}
      {part && (
        <>
          <span class="muted">What is better</span>
          <div class="deeds">
            {item('Less', () => deeds.aim(part.label, 'down'), goal === 'down')}
            {item('More', () => deeds.aim(part.label, 'up'), goal === 'up')}
            {item('Neither', () => deeds.aim(part.label, null), goal === null)}
          </div>
          <span class="muted">Beside it</span>
          <div class="deeds">
            {(Object.keys(STATISTICS) as Statistic[])
              .filter((each) => !visible.has(keyOf(part.label, each)) && (each !== 'best' || goal !== null))
              .map((each) => item(`Show ${STATISTICS[each]}`, () => deeds.show(keyOf(part.label, each))))}
          </div>
        </>
      )}
      {column.numbers && <Spread values={values()} written={(value) => said(column, value)} />}
    </div>
  )
}

function Spread({ values, written }: { values: number[]; written: (value: number) => string }) {
  const counts = histogram(values, PARTS)
  if (counts.length < 2) return null
  const most = Math.max(...counts)
  const { min, max, mean, count } = spread(values)
  const text = `${count} values from ${written(min)} to ${written(max)}, mean ${written(mean)}`
  return (
    <figure class="spread">
      <svg viewBox={`0 0 ${PARTS} 10`} preserveAspectRatio="none" role="img" aria-label={`Histogram: ${text}`}>
        {counts.map((each, at) => (
          <rect key={at} x={at + 0.1} width={0.8} y={10 - (10 * each) / most} height={(10 * each) / most} />
        ))}
      </svg>
      <figcaption class="muted">{text}</figcaption>
    </figure>
  )
}

function alongButtons(event: KeyboardEvent) {
  const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key]
  if (step === undefined) return
  event.preventDefault()
  const buttons = [...(event.currentTarget as HTMLElement).querySelectorAll('button')]
  const at = buttons.indexOf(document.activeElement as HTMLButtonElement)
  buttons[(at + step + buttons.length) % buttons.length]?.focus()
}
