// Which image stands for a step: the newest one up to it. And the short form of what is looked at, for an address.

// `swipe` is how many hundredths of the way across the first of two images gives way to the second; null: they stand side by side.
export type Shown = { label: string; step: number | null; sample: number; swipe: number | null }
type At = { step: number }

export function stepsOf(series: At[][]): number[] {
  return [...new Set(series.flatMap((points) => points.map((point) => point.step)))].sort((a, b) => a - b)
}

export function newestUpTo<P extends At>(points: P[], step: number): P | null {
  let found: P | null = null
  for (const point of points) if (point.step <= step && (found === null || point.step >= found.step)) found = point
  return found
}

export function written({ label, step, sample, swipe }: Shown): string {
  const said = `${step ?? ''}.${sample || ''}${swipe === null ? '' : `~${swipe}`}.${label}`
  return said === '..' ? '' : said
}

// What cannot be read is as usual: addresses come from anywhere.
export function read(text: string): Shown {
  const [, step, sample, swipe, label] = /^(-?\d{0,15})\.(\d{0,4})(?:~(\d{1,3}))?\.(.*)$/s.exec(text) ?? []
  return {
    label: label ?? '',
    step: step && Number.isFinite(Number(step)) ? Number(step) : null,
    sample: Number(sample ?? 0),
    swipe: swipe === undefined ? null : Math.min(Number(swipe), 100),
  }
}
