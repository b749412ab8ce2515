// Where a value stands on an axis, from 0 to 1, and which marks the axis has. What has no place is not a number.

export type Value = number | string
export type Tick = { place: number; text: string }
export type Scale = { place: (value: Value) => number; value: (place: number) => Value; ticks: Tick[] }

const MARKS = 5
const MOST_NAMES = 16

export function linear(low: number, high: number, text: (value: number) => string): Scale {
  const [first, last] = low === high ? [low - 0.5, high + 0.5] : [low, high]
  const place = (value: Value) => (typeof value === 'number' ? (value - first) / (last - first) : Number.NaN)
  return {
    place,
    value: (at) => first + at * (last - first),
    ticks: niceValues(first, last).map((value) => ({ place: place(value), text: text(value) })),
  }
}

// For values above zero.
export function logarithmic(low: number, high: number, text: (value: number) => string): Scale {
  const [first, last] = low === high ? [low / 2, high * 2] : [low, high]
  const span = Math.log(last / first)
  const place = (value: Value) => (typeof value === 'number' && value > 0 ? Math.log(value / first) / span : Number.NaN)
  const powers = powersOfTen(first, last)
  return {
    place,
    value: (at) => first * Math.exp(at * span),
    ticks: (powers.length > 1 ? powers : [first, last]).map((value) => ({ place: place(value), text: text(value) })),
  }
}

export function named(names: string[]): Scale {
  const places = new Map(names.map((name, index) => [name, names.length === 1 ? 0.5 : index / (names.length - 1)]))
  const every = Math.ceil(names.length / MOST_NAMES)
  return {
    place: (value) => places.get(String(value)) ?? Number.NaN,
    value: (at) => names[Math.round(Math.min(Math.max(at, 0), 1) * (names.length - 1))] ?? '',
    ticks: names.flatMap((name, index) =>
      index % every === 0 ? [{ place: places.get(name) as number, text: name }] : [],
    ),
  }
}

function niceValues(low: number, high: number): number[] {
  const rough = (high - low) / MARKS
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power
  const found: number[] = []
  for (let count = Math.ceil(low / step); count * step <= high + step * 1e-9; count += 1)
    found.push(Number((count * step).toPrecision(12)))
  return found
}

function powersOfTen(low: number, high: number): number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9)
  const last = Math.floor(Math.log10(high) + 1e-9)
  const every = Math.max(1, Math.ceil((last - first) / MARKS))
  const found: number[] = []
  for (let power = first; power <= last; power += every) found.push(Number(`1e${power}`))
  return found
}
