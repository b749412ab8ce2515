// One chart of lines over uPlot. Lines of different steps share one axis; a line goes on over steps that it has no point at.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks'
import uPlot from 'uplot'
import { aligned, type Column, type Drawn } from '../lib/aligned'
import type { ChartOptions } from '../lib/chart_options'
import type { Curve } from '../lib/curve'
import { formatNumber, formatTime } from '../lib/format'

const HEIGHT = 240
const NEAREST = 5
const NAMED = 8
// What pointing at one chart does in all of them.
const TOGETHER = 'tb_share'
const MOVES = new Set(['mousemove', 'mouseleave'])
const DIM = 0.2
const BAND = '22'
// Of more lines, bands would only cover each other.
const MOST_BANDS = 12

type Props = {
  title: string
  curves: Curve[]
  smooth: (values: Float64Array, weight: number) => Float64Array
  options: ChartOptions
  zoom: [number, number] | null
  onZoom: (range: [number, number] | null) => void
  // The experiment whose lines stand out, and what is called when the pointer comes closest to one's line.
  lit: string
  onPoint: (id: string) => void
}

export function LineChart({ title, curves, smooth, options, zoom, onZoom, lit, onPoint }: Props) {
  const box = useRef<HTMLDivElement>(null)
  const made = useRef<uPlot | null>(null)
  const [near, setNear] = useState<string[]>([])
  const [asTable, setAsTable] = useState(false)
  const drawn = useMemo(() => aligned(curves, smooth, options), [curves, smooth, options])
  // What the plot's hooks look at: it is made anew only when its lines are others, not when they grow.
  const now = useRef({ drawn, zoom, onZoom, onPoint, lit })
  now.current = { drawn, zoom, onZoom, onPoint, lit }
  const looks = JSON.stringify(
    drawn.lines.map(({ id, label, stroke, dash, few, raw }) => [id, label, stroke, dash, few, raw]),
  )

  useEffect(() => {
    const element = box.current
    if (!element || asTable) return
    const style = getComputedStyle(element)
    const ink = style.getPropertyValue('--chart-ink').trim() || style.color
    const grid = { stroke: style.borderTopColor, width: 1 }
    const axis = { stroke: ink, grid, ticks: grid, font: '11px system-ui, sans-serif' }
    const { lines, data } = now.current.drawn
    const plot = new uPlot(
      {
        width: Math.max(element.clientWidth, 200),
        height: HEIGHT,
        legend: { show: false },
        focus: { alpha: 1 },
        cursor: {
          drag: { x: true, y: false, setScale: false },
          points: { size: 5 },
          sync: { key: TOGETHER, filters: { pub: (event) => MOVES.has(event) } },
        },
        scales: {
          x: { time: options.axis === 'wall', range: (_plot, least, most) => now.current.zoom ?? [least, most] },
          y: { distr: options.log ? 3 : 1 },
        },
        axes: [
          axis,
          {
            ...axis,
            size: 60,
            values: (_plot, marks) => marks.map((mark) => (mark === null ? '' : formatNumber(mark))),
          },
        ],
        series: [{}, ...lines.map((line) => ({ ...line, spanGaps: true, points: { show: line.few } }))],
        hooks: {
          drawAxes: [(self) => drawBands(self, now.current.drawn, now.current.lit)],
          setCursor: [
            (self) => {
              const found = nearest(self, now.current.drawn, options)
              setNear(found.texts)
              if (self.over.matches(':hover')) now.current.onPoint(found.id)
            },
          ],
          setSelect: [
            ({ select, posToVal }) => {
              if (select.width < 4) return
              now.current.onZoom([posToVal(select.left, 'x'), posToVal(select.left + select.width, 'x')])
            },
          ],
        },
      },
      data as unknown as uPlot.AlignedData,
      element,
    )
    const reset = () => now.current.onZoom(null)
    const leave = () => now.current.onPoint('')
    plot.over.addEventListener('dblclick', reset)
    plot.over.addEventListener('mouseleave', leave)
    made.current = plot
    const observer = new ResizeObserver(() =>
      plot.setSize({ width: Math.max(element.clientWidth, 200), height: HEIGHT }),
    )
    observer.observe(element)
    return () => {
      observer.disconnect()
      plot.over.removeEventListener('dblclick', reset)
      plot.over.removeEventListener('mouseleave', leave)
      plot.destroy()
      made.current = null
    }
  }, [looks, options, asTable])

  const first = useRef(true)
  useEffect(() => {
    if (!first.current) made.current?.setData(drawn.data as unknown as uPlot.AlignedData)
    first.current = false
  }, [drawn, zoom])

  useEffect(() => {
    const plot = made.current
    if (!plot) return
    const there = drawn.lines.some((line) => line.id === lit)
    drawn.lines.forEach((line, index) => {
      const series = plot.series[index + 1]
      if (series) series.alpha = there && line.id !== lit ? DIM : 1
    })
    plot.redraw(false, false)
  }, [lit, looks, options, asTable])

  return (
    <figure class="chart">
      <figcaption>
        <h2 class="break">{title}</h2>
        <button type="button" class="quiet" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>
          {asTable ? 'As chart' : 'As table'}
        </button>
      </figcaption>
      {asTable ? (
        <Values title={title} curves={curves} />
      ) : (
        <div ref={box} class="plot" role="img" aria-label={said(title, curves)} />
      )}
      {!asTable && <Legend curves={curves} />}
      <output class="near">{near.length > 0 && !asTable ? near.join(' · ') : ' '}</output>
    </figure>
  )
}

function Legend({ curves }: { curves: Curve[] }) {
  return (
    <ul class="legend">
      {curves.slice(0, NAMED).map((curve) => (
        <li key={curve.name}>
          <svg width="22" height="8" aria-hidden="true">
            <line
              x1="0"
              x2="22"
              y1="4"
              y2="4"
              stroke={curve.stroke}
              stroke-width="2"
              stroke-dasharray={curve.dash.join(' ')}
            />
          </svg>{' '}
          {curve.name}
        </li>
      ))}
      {curves.length > NAMED && <li>and {curves.length - NAMED} more</li>}
    </ul>
  )
}

function Values({ title, curves }: { title: string; curves: Curve[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard
    <div class="values" tabIndex={0} role="group" aria-label={`${title}, values`}>
      <table class="plain">
        <thead>
          <tr>
            <th>Line</th>
            <th>Points</th>
            <th>First</th>
            <th>Least</th>
            <th>Greatest</th>
            <th>Last</th>
            <th>At step</th>
          </tr>
        </thead>
        <tbody>
          {curves.map((curve) => (
            <tr key={curve.name}>
              <th scope="row" class="break">
                {curve.name}
              </th>
              {[
                curve.value.length,
                curve.value[0],
                extreme(curve.low, Math.min),
                extreme(curve.high, Math.max),
                curve.value.at(-1),
                curve.step.at(-1),
              ].map((value, index) => (
                <td key={index} class="number">
                  {formatNumber(value ?? Number.NaN)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function extreme(values: Float64Array, pick: (left: number, right: number) => number): number {
  let found = Number.NaN
  for (const value of values) if (!Number.isNaN(value)) found = Number.isNaN(found) ? value : pick(found, value)
  return found
}

function said(title: string, curves: Curve[]): string {
  const lines = curves
    .slice(0, NEAREST)
    .map((curve) => `${curve.name} ends at ${formatNumber(curve.value.at(-1) ?? Number.NaN)}`)
  const more = curves.length > NEAREST ? `, and ${curves.length - NEAREST} more` : ''
  return `Chart of ${title}: ${lines.join(', ')}${more}.`
}

// Where a point stands for many, what they reached up and down to.
function drawBands(plot: uPlot, { lines, data, bands }: Drawn, lit: string): void {
  if (bands.length > MOST_BANDS) return
  const { ctx } = plot
  const there = lines.some((line) => line.id === lit)
  ctx.save()
  ctx.beginPath()
  ctx.rect(plot.bbox.left, plot.bbox.top, plot.bbox.width, plot.bbox.height)
  ctx.clip()
  for (const { id, stroke, low, high } of bands) {
    if (there && id !== lit) continue
    ctx.fillStyle = stroke + BAND
    ctx.beginPath()
    const [x] = data
    for (let at = 0; at < x.length; at += 1) to(plot, x[at], high[at])
    for (let at = x.length - 1; at >= 0; at -= 1) to(plot, x[at], low[at])
    ctx.closePath()
    ctx.fill()
  }
  ctx.restore()
}

function to(plot: uPlot, x: number | undefined, y: number | null | undefined): void {
  if (x === undefined || y === null || y === undefined) return
  plot.ctx.lineTo(plot.valToPos(x, 'x', true), plot.valToPos(y, 'y', true))
}

// The lines that pass closest to the pointer, with their values there.
function nearest(plot: uPlot, drawn: Drawn, { axis }: ChartOptions): { texts: string[]; id: string } {
  const { idx, left, top } = plot.cursor
  if (idx === null || idx === undefined || left === undefined || left < 0 || top === undefined)
    return { texts: [], id: '' }
  const found = drawn.lines.flatMap((line, index) => {
    const value = line.raw ? null : lastAt(drawn.data[index + 1] as Column, idx)
    return value === null
      ? []
      : [{ id: line.id, text: `${line.label} ${formatNumber(value)}`, far: Math.abs(plot.valToPos(value, 'y') - top) }]
  })
  const x = drawn.data[0][idx] as number
  const where = axis === 'wall' ? formatTime(x) : axis === 'step' ? `step ${x}` : `${formatNumber(x)} s`
  found.sort((one, other) => one.far - other.far)
  if (found.length === 0) return { texts: [], id: '' }
  return { texts: [where, ...found.slice(0, NEAREST).map((each) => each.text)], id: found[0]?.id ?? '' }
}

function lastAt(column: Column, index: number): number | null {
  for (let at = index; at >= 0; at -= 1)
    if (column[at] !== null && column[at] !== undefined) return column[at] as number
  return null
}
