// Any two columns against each other: a dot for each experiment. Arrows go from dot to dot, Enter opens one.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { look } from '../lib/curve'
import { count } from '../lib/format'
import type { Scale, Value } from '../lib/scale'
import { axisOf, type Column, drawable, written as saidBy } from '../model/axes'
import { present } from '../model/comparison'
import { read, usual, written } from '../model/scatter_view'
import { useAddress } from './use_address'

const MOST_DOTS = 2000
const HEIGHT = 420
const EDGES = { top: 12, right: 20, bottom: 44, left: 84 }
const DOT = 5

type Props = {
  columns: Column[]
  rows: number[]
  idOf: (row: number) => string
  nameOf: (id: string) => string
  // Null: so many that a colour for each would tell nothing.
  lookOf: ((id: string) => ReturnType<typeof look>) | null
  open: (id: string) => void
  lit: string
  setLit: (id: string) => void
}

type Dot = { id: string; x: number; y: number; text: string }

export function Scatter({ columns, rows, idOf, nameOf, lookOf, open, lit, setLit }: Props) {
  const [address, setAddress] = useAddress('scatter', 'tweak')
  const view = useMemo(() => read(address), [address])
  const { asTable } = view
  const possible = useMemo(() => drawable(columns, rows), [columns, rows])
  const first = useMemo(() => usual(possible, rows), [possible, rows])
  const x = possible.find(({ key }) => key === view.x) ?? first.x
  const y = possible.find(({ key }) => key === view.y) ?? first.y
  const shown = useMemo(
    () => rows.filter((row) => x && y && present(x.at(row)) && present(y.at(row))).slice(0, MOST_DOTS),
    [rows, x, y],
  )
  if (!x || !y) return <p class="muted">Nothing is known of these experiments that could be drawn.</p>
  const change = (part: Partial<typeof view>) => setAddress(written({ ...view, x: x.key, y: y.key, ...part }))
  const across = axisOf(x, shown, view.xLog)
  const up = axisOf(y, shown, view.yLog)
  const choice = (title: string, column: Column, choose: (key: string) => void) => (
    <label>
      {title}{' '}
      <select value={column.key} onChange={(event) => choose(event.currentTarget.value)}>
        {possible.map(({ key, label }) => (
          <option key={key} value={key}>
            {label}
          </option>
        ))}
      </select>
    </label>
  )
  const scale = (title: string, log: boolean, choose: (log: boolean) => void) => (
    <label>
      <input type="checkbox" checked={log} onChange={(event) => choose(event.currentTarget.checked)} /> {title}
    </label>
  )
  const without = rows.length - shown.length
  return (
    <>
      <div class="bar chart-bar">
        {choice('Across', x, (key) => change({ x: key, xLog: null }))}
        {across.mayLog && scale('Logarithmic across', across.log, (xLog) => change({ xLog }))}
        {choice('Up', y, (key) => change({ y: key, yLog: null }))}
        {up.mayLog && scale('Logarithmic up', up.log, (yLog) => change({ yLog }))}
        <button type="button" class="quiet" aria-pressed={asTable} onClick={() => change({ asTable: !asTable })}>
          {asTable ? 'As chart' : 'As table'}
        </button>
      </div>
      {without > 0 && (
        <p class="muted">
          {count(without, 'experiment')} {without === 1 ? 'is' : 'are'} not drawn
          {shown.length === MOST_DOTS ? `: at most ${MOST_DOTS} are` : ' for want of one of the two values'}.
        </p>
      )}
      {asTable ? (
        <Values x={x} y={y} rows={shown} idOf={idOf} nameOf={nameOf} lit={lit} setLit={setLit} />
      ) : (
        <Plot
          title={`${y.label} against ${x.label}`}
          x={x.label}
          y={y.label}
          across={across.scale}
          up={up.scale}
          dots={shown.map((row) => ({
            id: idOf(row),
            x: across.scale.place(x.at(row)),
            y: up.scale.place(y.at(row)),
            text: `${nameOf(idOf(row))}: ${x.label} ${said(x, x.at(row))}, ${y.label} ${said(y, y.at(row))}`,
          }))}
          lookOf={lookOf}
          open={open}
          lit={lit}
          setLit={setLit}
        />
      )}
    </>
  )
}

type PlotProps = Pick<Props, 'lookOf' | 'open' | 'lit' | 'setLit'> & {
  title: string
  x: string
  y: string
  across: Scale
  up: Scale
  dots: Dot[]
}

function Plot({ title, x, y, across, up, dots: all, lookOf, open, lit, setLit }: PlotProps) {
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(800)
  const [active, setActive] = useState('')
  useEffect(() => {
    const element = box.current
    if (!element) return
    const observer = new ResizeObserver(() => setWidth(Math.max(280, element.clientWidth)))
    observer.observe(element)
    return () => observer.disconnect()
  }, [])
  const dots = all.filter((dot) => !Number.isNaN(dot.x + dot.y))
  const left = (place: number) => EDGES.left + place * (width - EDGES.left - EDGES.right)
  const top = (place: number) => HEIGHT - EDGES.bottom - place * (HEIGHT - EDGES.top - EDGES.bottom)
  const along = [...dots].sort((one, other) => one.x - other.x || one.y - other.y)
  const pointed = dots.find(({ id }) => id === (active || lit))
  const point = (id: string) => {
    setActive(id)
    setLit(id)
  }
  const onKey = (event: KeyboardEvent) => {
    const at = along.findIndex(({ id }) => id === active)
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: along.length - 1 }[event.key]
    if (event.key === 'Enter' && active) open(active)
    else if (next !== undefined) point(along[Math.min(along.length - 1, Math.max(0, next))]?.id ?? '')
    else return
    event.preventDefault()
  }
  return (
    <div ref={box} class="scatter" onKeyDown={onKey} onPointerLeave={() => point('')}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: arrows go from dot to dot */}
      <div tabIndex={0} role="group" aria-label={`Scatter of ${title}: arrows go along, Enter opens`}>
        <svg width={width} height={HEIGHT} role="img" aria-label={`${title}: ${count(dots.length, 'experiment')}`}>
          {across.ticks.map(({ place, text }) => (
            <g key={place} class="axis-mark">
              <line x1={left(place)} x2={left(place)} y1={top(0)} y2={top(1)} />
              <text x={left(place)} y={HEIGHT - EDGES.bottom + 16} text-anchor="middle">
                {short(text)}
              </text>
            </g>
          ))}
          {up.ticks.map(({ place, text }) => (
            <g key={place} class="axis-mark">
              <line x1={left(0)} x2={left(1)} y1={top(place)} y2={top(place)} />
              <text x={EDGES.left - 8} y={top(place) + 4} text-anchor="end">
                {short(text)}
              </text>
            </g>
          ))}
          <text class="axis-title" x={left(1)} y={HEIGHT - 6} text-anchor="end">
            {x} →
          </text>
          <text class="axis-title" x={EDGES.left} y={EDGES.top} dy="-2">
            ↑ {y}
          </text>
          {dots.map((dot) => {
            const isPointed = dot.id === pointed?.id
            return (
              <circle
                key={dot.id}
                cx={left(dot.x)}
                cy={top(dot.y)}
                r={isPointed ? DOT + 3 : DOT}
                class={isPointed ? 'dot pointed' : lit && lit !== dot.id ? 'dot dim' : 'dot'}
                style={lookOf ? { fill: lookOf(dot.id).stroke } : {}}
                onPointerEnter={() => point(dot.id)}
                onClick={() => open(dot.id)}
              >
                <title>{dot.text}</title>
              </circle>
            )
          })}
        </svg>
      </div>
      <output class="near">{pointed?.text ?? ' '}</output>
    </div>
  )
}

const LONGEST = 14

function short(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
}

function said(column: Column, value: Value): string {
  return typeof value === 'string' ? value : saidBy(column.key)(value)
}

type ValueProps = Pick<Props, 'rows' | 'idOf' | 'nameOf' | 'lit' | 'setLit'> & { x: Column; y: Column }

function Values({ x, y, rows, idOf, nameOf, lit, setLit }: ValueProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard
    <div class="scroll" tabIndex={0} role="group" aria-label="Values of the scatter">
      <table class="plain">
        <thead>
          <tr>
            <th>Experiment</th>
            <th>{x.label}</th>
            <th>{y.label}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr
              key={row}
              class={idOf(row) === lit ? 'lit' : ''}
              onPointerEnter={() => setLit(idOf(row))}
              onPointerLeave={() => setLit('')}
            >
              <th scope="row" class="break">
                {nameOf(idOf(row))}
              </th>
              {[x, y].map((column) => (
                <td key={column.key} class={column.numbers ? 'number' : 'break'}>
                  {said(column, column.at(row))}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
