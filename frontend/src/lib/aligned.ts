// Curves of different steps on one shared axis, as a chart wants them: one column of places, and a column of values for each line.
import type { ChartOptions } from './chart_options'
import type { Curve } from './curve'

export type Line = {
  id: string
  label: string
  stroke: string
  width: number
  dash: number[]
  few: boolean
  raw: boolean
}
// Numbers as they came where a curve has one at each place: nothing is copied then.
export type Column = (number | null)[] | Float64Array
// What a curve reached between its points, where it has more of them than are drawn.
export type Band = { id: string; stroke: string; low: Column; high: Column }
export type Drawn = { data: [Float64Array, ...Column[]]; lines: Line[]; bands: Band[] }

const FAINT = '55'
// So many lines are told apart better when they are thin, and without a graphics card they are painted four times as fast.
const MANY = 40

export function aligned(
  curves: Curve[],
  smooth: (values: Float64Array, weight: number) => Float64Array,
  options: ChartOptions,
): Drawn {
  const axes = curves.map((curve) => along(curve, options))
  const shared = merged(axes)
  const lines: Line[] = []
  const columns: Column[] = []
  const bands: Band[] = []
  const width = curves.length > MANY ? 1 : 2
  curves.forEach((curve, index) => {
    const axis = axes[index] as Float64Array
    const places = isSame(axis, shared) ? null : placesOf(axis, shared)
    const column = (values: Float64Array) => spreadOut(values, places, shared.length, options.log)
    const { id, name: label, stroke, dash } = curve
    const few = curve.value.length === 1
    if (options.smoothing > 0) {
      columns.push(column(curve.value))
      lines.push({ id, label, stroke: stroke + FAINT, width: 1, dash, few, raw: true })
    }
    columns.push(column(options.smoothing > 0 ? smooth(curve.value, options.smoothing) : curve.value))
    lines.push({ id, label, stroke, width, dash, few, raw: false })
    if (isBucketed(curve)) bands.push({ id, stroke, low: column(curve.low), high: column(curve.high) })
  })
  return { data: [shared, ...columns], lines, bands }
}

function along(curve: Curve, { axis }: ChartOptions): Float64Array {
  if (axis === 'step') return curve.step
  if (axis === 'wall') return curve.wall
  return curve.wall.map((wall) => wall - (curve.wall[0] as number))
}

// These run over every point of every line at each tick, so they are loops.
function isBucketed({ low, high }: Curve): boolean {
  if (low === high) return false
  for (let at = 0; at < low.length; at += 1) {
    const value = low[at] as number
    if (value !== high[at] && !Number.isNaN(value)) return true
  }
  return false
}

// Every place that some curve has, once, in order. Runs of one training script mostly have the very same ones.
function merged(axes: Float64Array[]): Float64Array {
  const [first = new Float64Array()] = axes
  if (isRising(first) && axes.every((axis) => isSame(axis, first))) return first
  const all = new Float64Array(axes.reduce((sum, axis) => sum + axis.length, 0))
  let end = 0
  for (const axis of axes) {
    all.set(axis, end)
    end += axis.length
  }
  all.sort()
  return all.filter((place, at) => at === 0 || place !== all[at - 1])
}

function isSame(one: Float64Array, other: Float64Array): boolean {
  if (one.length !== other.length) return false
  if (one !== other) for (let at = 0; at < one.length; at += 1) if (one[at] !== other[at]) return false
  return true
}

function isRising(axis: Float64Array): boolean {
  return axis.every((value, at) => at === 0 || value > (axis[at - 1] as number))
}

// Where on the shared axis each point stands.
function placesOf(axis: Float64Array, shared: Float64Array): Int32Array {
  const places = new Int32Array(axis.length)
  let at = 0
  for (let point = 0; point < axis.length; point += 1) {
    const wanted = axis[point] as number
    // Clocks of machines that train go back at times.
    if ((shared[at] as number) > wanted) at = 0
    while ((shared[at] as number) < wanted) at += 1
    places[point] = at
  }
  return places
}

function spreadOut(values: Float64Array, places: Int32Array | null, length: number, log: boolean): Column {
  if (places === null && isWhole(values, log)) return values
  const column: (number | null)[] = new Array(length).fill(null)
  for (let point = 0; point < values.length; point += 1) {
    const value = values[point] as number
    if (Number.isFinite(value) && (!log || value > 0)) column[places?.[point] ?? point] = value
  }
  return column
}

function isWhole(values: Float64Array, log: boolean): boolean {
  for (let at = 0; at < values.length; at += 1) {
    const value = values[at] as number
    if (!Number.isFinite(value) || (log && value <= 0)) return false
  }
  return true
}
