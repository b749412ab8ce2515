// A range of steps or times as it stands in an address. What cannot be read is none: addresses come from anywhere.

export function readRange(text: string): [number, number] | null {
  const [from, to, ...more] = text.split(',').map((part) => (part.trim() === '' ? Number.NaN : Number(part)))
  if (from === undefined || to === undefined || more.length > 0) return null
  return Number.isFinite(from) && Number.isFinite(to) && from < to ? [from, to] : null
}

// Where somebody dragged to is known to a pixel only.
export function writtenRange(range: [number, number]): string {
  return range.map((end) => Number(end.toPrecision(12))).join(',')
}

// The steps within, where there are any.
export function whole([from, to]: [number, number]): [number, number] {
  const [first, last] = [Math.ceil(from), Math.floor(to)]
  return first <= last ? [first, last] : [from, to]
}

// What a chart shows of these steps: of a single one as much as makes a range.
export function shown([first, last]: [number, number]): [number, number] {
  const aside = first === last ? Math.max(0.5, Math.abs(first) * 1e-9) : 0
  return [first - aside, last + aside]
}
