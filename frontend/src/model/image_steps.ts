// Which image stands for a step: the newest one up to it. And the short form of what is looked at, for an address.

export type Shown = { label: string; step: number | null; sample: number }
type At = { step: number }

export function stepsOf(series: At[][]): number[] {
  return [...new Set(series.flatMap((points) => points.map((point) => point.step)))].sort((a, b) => a - b)
}

export function newestUpTo<P extends At>(points: P[], step: number): P | null {
  let found: P | null = null
  for (const point of points) if (point.step <= step && (found === null || point.step >= found.step)) found = point
  return found
}

export function written({ label, step, sample }: Shown): string {
  return label === '' && step === null && sample === 0 ? '' : `${step ?? ''}.${sample || ''}.${label}`
}

// What cannot be read is as usual: addresses come from anywhere.
export function read(text: string): Shown {
  const [, step, sample, label] = /^(-?\d{0,15})\.(\d{0,4})\.(.*)$/s.exec(text) ?? []
  return {
    label: label ?? '',
    step: step && Number.isFinite(Number(step)) ? Number(step) : null,
    sample: Number(sample ?? 0),
  }
}
