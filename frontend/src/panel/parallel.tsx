// Parallel coordinates of the compared: an axis for each column that varies; what is dragged over on an axis is what all of Compare shows.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { acrossOf, downOf, drawLines, type Frame, placeAt } from '../charts/parallel_lines'
import { count } from '../lib/format'
import { colourOf, stepOf } from '../lib/gradient'
import { onKey } from '../lib/keys'
import type { Value } from '../lib/scale'
import { type Axis, axisOf, type Brush, type Column, drawable, moved, usualAxes, written } from '../model/axes'
import type { View } from '../model/parallel_view'
import { isDark, onTheme } from './host'

const MOST_LINES = 2000
const HEIGHT = 380
const EDGES = { top: 16, bottom: 16, side: 70 }
const LEAST_AXIS_WIDTH = 130
const LEAST_DRAG = 0.01

type Props = {
  columns: Column[]
  rows: number[]
  kept: number[]
  view: View
  change: (view: View) => void
  nameOf: (row: number) => string
  // The row that somebody points at elsewhere.
  lit: number | null
}

export function Parallel({ columns, rows, kept, view, change, nameOf, lit }: Props) {
  const { asTable } = view
  const possible = useMemo(() => drawable(columns, rows), [columns, rows])
  const usual = useMemo(() => usualAxes(possible, rows), [possible, rows])
  const keys = (view.axes ?? usual).filter((key) => possible.some((column) => column.key === key))
  const chosen = keys.map((key) => possible.find((column) => column.key === key) as Column)
  const logOf = (key: string) => view.log.find((each) => each.key === key)?.on ?? null
  const axes = useMemo(
    () => chosen.map((column) => axisOf(column, rows, logOf(column.key))),
    [keys.join('\n'), possible, rows, view.log],
  )
  const colour = possible.find((column) => column.key === view.colour) ?? chosen.at(-1)
  useEffect(() => {
    return onKey((event: KeyboardEvent) => {
      if (event.key === 'Escape' && view.brushes.length > 0) change({ ...view, brushes: [] })
    })
  }, [view, change])
  if (rows.length < 2) return <p class="muted">Tick at least two experiments in the table to see them here.</p>
  const rest = possible.filter((column) => !keys.includes(column.key))
  return (
    <>
      <div class="bar chart-bar">
        <label>
          Add an axis{' '}
          <select
            value=""
            onChange={(event) => change({ ...view, axes: [...keys, event.currentTarget.value] })}
            disabled={rest.length === 0}
          >
            <option value="">Choose…</option>
            {rest.map((column) => (
              <option key={column.key} value={column.key}>
                {column.label}
              </option>
            ))}
          </select>
        </label>
        <label>
          Colour by{' '}
          <select
            value={colour?.key ?? ''}
            onChange={(event) => change({ ...view, colour: event.currentTarget.value })}
          >
            {possible.map((column) => (
              <option key={column.key} value={column.key}>
                {column.label}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          class="quiet"
          aria-pressed={asTable}
          onClick={() => change({ ...view, asTable: !asTable })}
        >
          {asTable ? 'As chart' : 'As table'}
        </button>
      </div>
      {rows.length > MOST_LINES && (
        <p class="muted">
          The first {MOST_LINES} of {rows.length} are drawn. Narrow the table’s filter to see the others.
        </p>
      )}
      {axes.length === 0 && <p class="muted">Nothing varies between them. Add an axis to see what they share.</p>}
      {axes.length > 0 && asTable && <Values columns={chosen} rows={kept.slice(0, MOST_LINES)} nameOf={nameOf} />}
      {axes.length > 0 && !asTable && (
        <Plot
          axes={axes}
          columns={chosen}
          colour={colour ? { column: colour, axis: axisOf(colour, rows, logOf(colour.key)) } : null}
          rows={rows.slice(0, MOST_LINES)}
          kept={kept}
          view={view}
          change={change}
          lit={lit}
        />
      )}
    </>
  )
}

type PlotProps = {
  axes: Axis[]
  columns: Column[]
  colour: { column: Column; axis: Axis } | null
  rows: number[]
  kept: number[]
  view: View
  change: (view: View) => void
  lit: number | null
}

function Plot({ axes, columns, colour, rows, kept, view, change, lit }: PlotProps) {
  const box = useRef<HTMLDivElement>(null)
  const canvas = useRef<HTMLCanvasElement>(null)
  const [room, setRoom] = useState(0)
  const [dark, setDark] = useState(isDark())
  const [drag, setDrag] = useState<{ axis: number; from: number; to: number } | null>(null)
  useEffect(() => onTheme(() => setDark(isDark())), [])
  useEffect(() => {
    const element = box.current
    if (!element) return
    const observer = new ResizeObserver(() => setRoom(element.clientWidth))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const width = Math.max(room, (axes.length - 1) * LEAST_AXIS_WIDTH + 2 * EDGES.side)
  const frame: Frame = { width, height: HEIGHT, ...EDGES }
  useEffect(() => {
    if (!canvas.current || room === 0) return
    const inside = new Set(kept)
    const places = axes.map((axis, index) =>
      Float64Array.from(rows, (row) => axis.scale.place((columns[index] as Column).at(row))),
    )
    const step = Int16Array.from(rows, (row) => (colour ? stepOf(colour.axis.scale.place(colour.column.at(row))) : -1))
    const lines = { places, rows: rows.length, step, kept: Uint8Array.from(rows, (row) => Number(inside.has(row))) }
    const pointed = lit === null ? -1 : rows.indexOf(lit)
    drawLines(canvas.current, lines, frame, (each) => colourOf(each, dark), pointed)
  }, [axes, columns, colour?.column, rows, kept, width, dark, room, lit])
  const move = (from: number, to: number) => {
    if (to < 0 || to >= axes.length || from === to) return
    const keys = axes.map((axis) => axis.key)
    change({ ...view, axes: moved(keys, from, to) })
  }
  const brush = (key: string, from: Value | null, to: Value | null) => {
    const others = view.brushes.filter((each) => each.key !== key)
    change({ ...view, brushes: from === null && to === null ? others : [...others, { key, from, to }] })
  }
  const release = () => {
    if (!drag) return
    const axis = axes[drag.axis] as Axis
    const [low, high] = [Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)]
    if (high - low < LEAST_DRAG) brush(axis.key, null, null)
    else brush(axis.key, axis.scale.value(low), axis.scale.value(high))
    setDrag(null)
  }
  const down = (event: PointerEvent) =>
    placeAt(event.clientY - (event.currentTarget as Element).getBoundingClientRect().top, frame)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard
    <div ref={box} class="scroll" tabIndex={0} role="group" aria-label="Parallel coordinates">
      <div class="parallel" style={{ width: pixels(width) }}>
        {axes.map((axis, index) => (
          <div
            key={axis.key}
            class="axis-head"
            style={{ left: pixels(acrossOf(index, axes.length, frame)) }}
            onDragOver={(event) => event.preventDefault()}
            onDrop={(event) => {
              event.preventDefault()
              move(Number(event.dataTransfer?.getData('text/plain')), index)
            }}
          >
            <button
              type="button"
              class="quiet"
              draggable
              title={`${axis.label}: drag, or press the arrow keys, to move this axis`}
              onDragStart={(event) => event.dataTransfer?.setData('text/plain', String(index))}
              onKeyDown={(event) => {
                if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
                event.preventDefault()
                move(index, index + (event.key === 'ArrowLeft' ? -1 : 1))
              }}
            >
              {axis.label}
            </button>
            <span>
              {axis.mayLog && (
                <button
                  type="button"
                  class="quiet"
                  aria-pressed={axis.log}
                  aria-label={`${axis.label}, logarithmic`}
                  onClick={() =>
                    change({
                      ...view,
                      log: [...view.log.filter((each) => each.key !== axis.key), { key: axis.key, on: !axis.log }],
                    })
                  }
                >
                  log
                </button>
              )}
              <button
                type="button"
                class="quiet"
                aria-label={`Take the axis ${axis.label} away`}
                onClick={() => change({ ...view, axes: axes.map(({ key }) => key).filter((key) => key !== axis.key) })}
              >
                ×
              </button>
            </span>
          </div>
        ))}
        <div class="drawing" style={{ height: pixels(HEIGHT) }}>
          <canvas
            ref={canvas}
            role="img"
            aria-label={said(axes, rows.length, kept.length)}
            style={{ width: pixels(width), height: pixels(HEIGHT) }}
          />
          {axes.map((axis, index) => (
            <div
              key={axis.key}
              class="axis"
              data-axis={axis.key}
              style={{ left: pixels(acrossOf(index, axes.length, frame)) }}
              onPointerDown={(event) => {
                event.currentTarget.setPointerCapture(event.pointerId)
                setDrag({ axis: index, from: down(event), to: down(event) })
              }}
              onPointerMove={(event) => drag?.axis === index && setDrag({ ...drag, to: down(event) })}
              onPointerUp={release}
              onPointerCancel={() => setDrag(null)}
            >
              {axis.scale.ticks.map((tick) => (
                <span key={tick.place} class="mark" style={{ top: pixels(downOf(tick.place, frame)) }}>
                  {tick.text}
                </span>
              ))}
              {spanOf(axis, index, drag, view.brushes).map(([low, high]) => (
                <span
                  key="brush"
                  class="brush"
                  style={{
                    top: pixels(downOf(high, frame)),
                    height: pixels(Math.max(2, downOf(low, frame) - downOf(high, frame))),
                  }}
                />
              ))}
            </div>
          ))}
        </div>
      </div>
    </div>
  )
}

function pixels(size: number): string {
  return `${size}px`
}

function spanOf(
  axis: Axis,
  index: number,
  drag: { axis: number; from: number; to: number } | null,
  brushes: Brush[],
): [number, number][] {
  if (drag?.axis === index) return [[Math.min(drag.from, drag.to), Math.max(drag.from, drag.to)]]
  const brush = brushes.find((each) => each.key === axis.key)
  if (!brush) return []
  const low = brush.from === null ? 0 : axis.scale.place(brush.from)
  const high = brush.to === null ? 1 : axis.scale.place(brush.to)
  return Number.isNaN(low + high) ? [] : [[Math.max(0, low), Math.min(1, high)]]
}

function said(axes: Axis[], all: number, kept: number): string {
  const names = axes.map((axis) => axis.label).join(', ')
  return `Parallel coordinates of ${count(all, 'experiment')} over ${names}; ${kept} within what was chosen.`
}

function Values({ columns, rows, nameOf }: { columns: Column[]; rows: number[]; nameOf: (row: number) => string }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard
    <div class="scroll" tabIndex={0} role="group" aria-label="Values on the axes">
      <table class="plain">
        <thead>
          <tr>
            <th>Experiment</th>
            {columns.map((column) => (
              <th key={column.key}>{column.label}</th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row}>
              <th scope="row" class="break">
                {nameOf(row)}
              </th>
              {columns.map((column) => (
                <td key={column.key} class={column.numbers ? 'number' : 'break'}>
                  {shown(column, row)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function shown(column: Column, row: number): string {
  const value = column.at(row)
  if (typeof value === 'string') return value || '–'
  return Number.isNaN(value) ? '–' : written(column.key)(value)
}
