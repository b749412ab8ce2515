// Which columns the table shows: those in it, in order, and all that there are, with the values of each metric.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { TableColumn } from '../api/plugin'
import { count } from '../lib/format'
import {
  FIRST,
  type Goal,
  isPinned,
  isShown,
  type Layout,
  moved,
  movedBy,
  withGoal,
  withPinned,
  withShown,
} from '../model/layout'
import { keyOf, partOf, STATISTICS, type Statistic } from '../model/statistics'

const MOST = 200

type Props = {
  // All that there are, metrics with their last value alone.
  all: TableColumn[]
  visible: TableColumn[]
  layout: Layout
  proposed: ReadonlySet<string>
  goalOf: (label: string) => Goal
  change: (layout: Layout) => void
  reset: () => void
  close: () => void
}

export function ColumnManager({ all, visible, layout, proposed, goalOf, change, reset, close }: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [text, setText] = useState('')
  useEffect(() => dialog.current?.showModal(), [])
  const equal = all.filter((each) => each.kind !== 'system' && !proposed.has(each.key)).length
  const isCalledSo = ({ label }: TableColumn) => label.toLowerCase().includes(text.toLowerCase())
  const found = useMemo(() => all.filter(isCalledSo), [all, text])
  const placed = visible.map((column, at) => ({ column, at })).filter(({ column }) => isCalledSo(column))
  const keys = visible.map(({ key }) => key)
  const show = (key: string, shown: boolean) => change(withShown(layout, key, shown, proposed))
  const move = (key: string, by: -1 | 1) => change(movedBy(layout, keys, key, by))
  return (
    <dialog ref={dialog} class="dialog wide" aria-labelledby="columns-title" onClose={close}>
      <div class="dialog-head">
        <h2 id="columns-title">Columns</h2>
        <button type="button" class="quiet" aria-label="Close" onClick={() => dialog.current?.close()}>
          ✕
        </button>
      </div>
      <p class="muted">
        Shown by itself is what differs{equal > 0 && `; ${count(equal, 'column')} the same everywhere`}.{' '}
        <button type="button" class="quiet" onClick={reset}>
          As proposed
        </button>
      </p>
      <input
        type="search"
        aria-label="Search columns"
        placeholder="Search"
        value={text}
        onInput={(event) => setText(event.currentTarget.value)}
      />
      <div class="halves">
        <section aria-label="In the table">
          <h3>In the table</h3>
          <ol class="placed">
            {placed.slice(0, MOST).map(({ column, at }) => (
              <li
                key={column.key}
                draggable={column.key !== FIRST}
                onDragStart={(event) => event.dataTransfer?.setData('text/plain', column.key)}
                onDragOver={(event) => event.preventDefault()}
                onDrop={(event) => {
                  event.preventDefault()
                  const key = event.dataTransfer?.getData('text/plain') ?? ''
                  if (keys.includes(key) && key !== column.key) change(moved(layout, keys, key, column.key))
                }}
              >
                <span class="break">{column.label}</span>
                {column.key === FIRST ? (
                  <span class="muted">always first</span>
                ) : (
                  <span class="deeds">
                    <button
                      type="button"
                      class="quiet"
                      aria-pressed={isPinned(column.key, layout)}
                      aria-label={`Pin ${column.label}`}
                      title="Pinned columns stay in sight"
                      onClick={() => change(withPinned(layout, column.key, !isPinned(column.key, layout)))}
                    >
                      Pin
                    </button>
                    <button
                      type="button"
                      class="quiet"
                      aria-label={`Move ${column.label} up`}
                      disabled={at < 2}
                      onClick={() => move(column.key, -1)}
                    >
                      ↑
                    </button>
                    <button
                      type="button"
                      class="quiet"
                      aria-label={`Move ${column.label} down`}
                      disabled={at === visible.length - 1}
                      onClick={() => move(column.key, 1)}
                    >
                      ↓
                    </button>
                    <button
                      type="button"
                      class="quiet"
                      aria-label={`Hide ${column.label}`}
                      onClick={() => show(column.key, false)}
                    >
                      ×
                    </button>
                  </span>
                )}
              </li>
            ))}
          </ol>
          {placed.length > MOST && <p class="muted">{placed.length - MOST} more are in the table; search for them.</p>}
        </section>
        <section aria-label="All columns">
          <h3>All columns</h3>
          {found.length === 0 && <p class="muted">No column is called so.</p>}
          {[
            ['system', 'About the run'],
            ['parameter', 'Parameters'],
            ['metric', 'Metrics'],
          ].map(([kind, title]) => {
            const of = found.filter((each) => each.kind === kind).slice(0, MOST)
            return (
              of.length > 0 && (
                <fieldset key={kind}>
                  <legend>{title}</legend>
                  {of.map((column) =>
                    kind === 'metric' ? (
                      <MetricChoice
                        key={column.key}
                        label={column.label}
                        goal={goalOf(column.label)}
                        isShown={(key) => isShown(key, layout, proposed)}
                        show={show}
                        aim={(goal) => change(withGoal(layout, column.label, goal))}
                      />
                    ) : (
                      <label key={column.key} class="break">
                        <input
                          type="checkbox"
                          checked={isShown(column.key, layout, proposed)}
                          disabled={column.key === FIRST}
                          onChange={(event) => show(column.key, event.currentTarget.checked)}
                        />{' '}
                        {column.label}
                      </label>
                    ),
                  )}
                </fieldset>
              )
            )
          })}
          {found.length > MOST && <p class="muted">Search for others; at most {MOST} of each kind are listed.</p>}
        </section>
      </div>
    </dialog>
  )
}

type MetricProps = {
  label: string
  goal: Goal
  isShown: (key: string) => boolean
  show: (key: string, shown: boolean) => void
  aim: (goal: Goal) => void
}

function MetricChoice({ label, goal, isShown, show, aim }: MetricProps) {
  return (
    <div class="metric-choice" role="group" aria-label={label}>
      <span class="break">{label}</span>
      <label>
        <span class="hidden">What is better in {label}</span>
        <select
          value={goal ?? ''}
          onChange={(event) => aim((event.currentTarget.value || null) as Goal)}
          title="What is better"
        >
          <option value="">neither is better</option>
          <option value="down">less is better</option>
          <option value="up">more is better</option>
        </select>
      </label>
      <div class="deeds">
        {(Object.keys(STATISTICS) as Statistic[]).map((each) => {
          const key = keyOf(label, each)
          const needsGoal = each === 'best' && goal === null
          return (
            <label key={each} title={needsGoal ? 'Say first what is better.' : undefined}>
              <input
                type="checkbox"
                checked={isShown(key) && !needsGoal}
                disabled={needsGoal}
                onChange={(event) => show(key, event.currentTarget.checked)}
              />{' '}
              {STATISTICS[each]}
            </label>
          )
        })}
      </div>
    </div>
  )
}

export function lastValues(columns: TableColumn[]): TableColumn[] {
  return columns.filter((each) => (partOf(each.key)?.statistic ?? 'last') === 'last')
}
