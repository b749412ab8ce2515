// Charts of one or several experiments: a chart for each tag, its splits together. Each asks for its points when it comes into sight.
import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks'
import { readSeries, type Series } from '../api/series'
import type { LineChart as LineChartType } from '../charts/line_chart'
import { AXES, type Axis, type ChartOptions, read, written } from '../lib/chart_options'
import { type Curve, look } from '../lib/curve'
import type { Load } from '../lib/load'
import { type Group, grouped, lineOf } from '../model/chart_groups'
import { readRange, whole, writtenRange } from '../model/range'
import { smoothed } from '../model/smoothing'
import { isDark, isHidden, onTheme } from './host'
import { useAddress } from './use_address'

const AT_ONCE = 24
const REFRESH_MS = 10_000
type Drawn = typeof LineChartType

type Props = {
  ids: string[]
  nameOf: (id: string) => string
  labels: string[]
  lookOf?: (id: string) => ReturnType<typeof look>
  // The experiment that somebody points at, here or elsewhere.
  lit?: string
  setLit?: (id: string) => void
  // Begins a note on a range of steps, where somebody may.
  note?: ((steps: [number, number]) => void) | null
}

export function Charts({ ids, nameOf, labels, lookOf, lit = '', setLit = nobody, note = null }: Props) {
  const [drawn, setDrawn] = useAddress('chart', 'tweak')
  const options = useMemo(() => read(drawn), [drawn])
  const [filter, setFilter] = useAddress('charts', 'tweak')
  const [most, setMost] = useState(AT_ONCE)
  const [zoomed, setZoomed] = useAddress('zoom', 'tweak')
  const zoom = useMemo(() => readRange(zoomed), [zoomed])
  const setZoom = (range: [number, number] | null) => setZoomed(range ? writtenRange(range) : '')
  const [LineChart, setLineChart] = useState<{ it: Drawn } | null>(null)
  const [dark, setDark] = useState(isDark())
  useEffect(() => onTheme(() => setDark(isDark())), [])
  useEffect(() => {
    import('../charts/line_chart').then((module) => setLineChart({ it: module.LineChart }))
  }, [])
  const groups = useMemo(() => grouped(labels), [labels])
  const wanted = groups.filter((group) => group.title.toLowerCase().includes(filter.toLowerCase()))
  const change = (part: Partial<ChartOptions>) => {
    if (part.axis) setZoom(null)
    setDrawn(written({ ...options, ...part }))
  }
  if (labels.length === 0)
    return <p class="muted">No scalars yet. Charts appear as soon as training logs a first one.</p>
  return (
    <>
      <Controls
        options={options}
        change={change}
        filter={filter}
        setFilter={setFilter}
        zoom={zoom}
        reset={() => setZoom(null)}
        note={note}
      />
      {wanted.length === 0 && <p class="muted">No chart is called so. Change or clear the filter.</p>}
      <div class="charts">
        {LineChart &&
          wanted
            .slice(0, most)
            .map((group) => (
              <Chart
                key={group.labels[0]}
                group={group}
                ids={ids}
                nameOf={nameOf}
                lookOf={lookOf}
                lit={lit}
                setLit={setLit}
                options={options}
                dark={dark}
                zoom={zoom}
                setZoom={setZoom}
                LineChart={LineChart.it}
              />
            ))}
      </div>
      {wanted.length > most && (
        <button type="button" class="quiet" onClick={() => setMost(most + AT_ONCE)}>
          Show {Math.min(AT_ONCE, wanted.length - most)} more of {wanted.length} charts
        </button>
      )}
    </>
  )
}

function nobody() {}

type ControlProps = {
  options: ChartOptions
  change: (part: Partial<ChartOptions>) => void
  filter: string
  setFilter: (text: string) => void
  zoom: [number, number] | null
  reset: () => void
  note: Props['note']
}

function Controls({ options, change, filter, setFilter, zoom, reset, note }: ControlProps) {
  return (
    <div class="bar chart-bar">
      <label>
        Charts{' '}
        <input
          type="search"
          placeholder="All"
          value={filter}
          onInput={(event) => setFilter(event.currentTarget.value)}
        />
      </label>
      <label>
        Along{' '}
        <select value={options.axis} onChange={(event) => change({ axis: event.currentTarget.value as Axis })}>
          {Object.entries(AXES).map(([axis, text]) => (
            <option key={axis} value={axis}>
              {text}
            </option>
          ))}
        </select>
      </label>
      <label>
        <input
          type="checkbox"
          checked={options.log}
          onChange={(event) => change({ log: event.currentTarget.checked })}
        />{' '}
        Logarithmic
      </label>
      <label>
        Smoothing{' '}
        <input
          type="range"
          min="0"
          max="0.99"
          step="0.01"
          value={options.smoothing}
          onInput={(event) => change({ smoothing: Number(event.currentTarget.value) })}
        />{' '}
        <span class="number">{options.smoothing.toFixed(2)}</span>
      </label>
      {zoom ? (
        <>
          <button type="button" class="quiet" onClick={reset}>
            Whole range
          </button>
          {note && options.axis === 'step' && (
            <button type="button" class="quiet" onClick={() => note(whole(zoom))}>
              Note on these steps
            </button>
          )}
        </>
      ) : (
        <span class="muted">Drag over a chart to look closer.</span>
      )}
    </div>
  )
}

type ChartProps = {
  group: Group
  ids: string[]
  nameOf: (id: string) => string
  lookOf: Props['lookOf']
  lit: string
  setLit: (id: string) => void
  options: ChartOptions
  dark: boolean
  zoom: [number, number] | null
  setZoom: (range: [number, number] | null) => void
  LineChart: Drawn
}

function Chart({ group, ids, nameOf, lookOf, lit, setLit, options, dark, zoom, setZoom, LineChart }: ChartProps) {
  const place = useRef<HTMLDivElement>(null)
  const [seen, setSeen] = useState(false)
  const [load, setLoad] = useState<Load<Series[]>>({ state: 'loading' })
  const range = options.axis === 'step' ? zoom : null
  // Lists are made anew with each look at the table; only what is in them counts.
  const asked = JSON.stringify([ids, group.labels, range])

  useEffect(() => {
    const element = place.current
    if (!element) return
    const observer = new IntersectionObserver(
      (entries) => entries.some((entry) => entry.isIntersecting) && setSeen(true),
    )
    observer.observe(element)
    return () => observer.disconnect()
  }, [])

  useEffect(() => {
    if (!seen) return
    const aborter = new AbortController()
    const [wantedIds, labels, steps] = JSON.parse(asked) as [string[], string[], [number, number] | null]
    const refresh = () => {
      if (isHidden()) return
      readSeries(wantedIds, labels, steps, aborter.signal).then(
        (value) =>
          setLoad((known) =>
            known.state === 'ready' && alike(known.value, value) ? known : { state: 'ready', value },
          ),
        (failure: Error) => {
          if (!aborter.signal.aborted) setLoad({ state: 'failed', title: group.title, message: failure.message })
        },
      )
    }
    refresh()
    const timer = setInterval(refresh, REFRESH_MS)
    return () => {
      aborter.abort()
      clearInterval(timer)
    }
  }, [asked, seen, group.title])

  const smooth = useCallback(smoothed, [])
  const curves = useMemo(
    () => (load.state === 'ready' ? curvesOf(load.value, ids, group.labels, nameOf, lookOf, dark) : []),
    [load, asked, dark],
  )
  return (
    <div ref={place} class="chart-place">
      {load.state === 'loading' && <p class="muted">Reading {group.title}…</p>}
      {load.state === 'failed' && <p class="error">{load.message}</p>}
      {load.state === 'ready' && curves.length === 0 && <p class="muted">{group.title}: no points here.</p>}
      {curves.length > 0 && (
        <LineChart
          title={group.title}
          curves={curves}
          smooth={smooth}
          options={options}
          zoom={zoom}
          onZoom={setZoom}
          lit={lit}
          onPoint={setLit}
        />
      )}
    </div>
  )
}

function alike(one: Series[], other: Series[]): boolean {
  return (
    one.length === other.length &&
    one.every((series, index) => {
      const next = other[index] as Series
      return (
        series.id === next.id &&
        series.label === next.label &&
        series.step.length === next.step.length &&
        series.step.at(-1) === next.step.at(-1) &&
        Object.is(series.value.at(-1), next.value.at(-1))
      )
    })
  )
}

// One experiment: a colour for each split. Several: a colour for each experiment, and dashes for what is not training.
function curvesOf(
  found: Series[],
  ids: string[],
  labels: string[],
  nameOf: (id: string) => string,
  lookOf: Props['lookOf'],
  dark: boolean,
): Curve[] {
  const several = ids.length > 1
  return found.map((series) => {
    const line = lineOf(series.label, labels)
    const mine = several
      ? (lookOf?.(series.id) ?? look(ids.indexOf(series.id), dark))
      : look(labels.indexOf(series.label), dark)
    const dashed = several && labels.length > 1 && labels.indexOf(series.label) > 0
    const name = several ? [nameOf(series.id), labels.length > 1 ? line : ''].filter(Boolean).join(' · ') : line
    return { ...series, name, stroke: mine.stroke, dash: dashed ? [6, 4] : mine.dash }
  })
}
