// How charts are drawn, and its short form for an address.

export type Axis = 'step' | 'relative' | 'wall'
export type ChartOptions = { axis: Axis; log: boolean; smoothing: number }

export const USUAL: ChartOptions = { axis: 'step', log: false, smoothing: 0 }
export const AXES: Record<Axis, string> = { step: 'Step', relative: 'Relative time', wall: 'Wall time' }
const MOST_SMOOTHING = 0.99

export function written({ axis, log, smoothing }: ChartOptions): string {
  const parts = [axis === USUAL.axis ? '' : axis, log ? 'log' : '', smoothing ? `s${smoothing}` : '']
  return parts.filter(Boolean).join('.')
}

// What cannot be read is as usual: addresses come from anywhere.
export function read(text: string): ChartOptions {
  const smoothing = Number(/(?:^|\.)s(\d(?:\.\d+)?)/.exec(text)?.[1] ?? 0)
  const axis = (Object.keys(AXES) as Axis[]).find((each) => text.split('.').includes(each)) ?? USUAL.axis
  return { axis, log: text.split('.').includes('log'), smoothing: Math.min(smoothing, MOST_SMOOTHING) }
}
