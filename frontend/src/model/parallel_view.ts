// What somebody chose in parallel coordinates, and its short form for an address: axes, what lies within, colour, scales.
import type { Value } from '../lib/scale'
import type { Brush } from './axes'

// No axes: the usual ones. `log` holds what differs from what the values suggest.
export type View = {
  axes: string[] | null
  brushes: Brush[]
  colour: string
  log: { key: string; on: boolean }[]
  asTable: boolean
}

export const USUAL: View = { axes: null, brushes: [], colour: '', log: [], asTable: false }

export function written({ axes, brushes, colour, log, asTable }: View): string {
  const parts: Record<string, unknown> = {}
  if (axes) parts.axes = axes
  if (brushes.length > 0) parts.within = brushes.map(({ key, from, to }) => [key, from, to])
  if (colour) parts.colour = colour
  if (log.length > 0) parts.log = log.map(({ key, on }) => [key, on])
  if (asTable) parts.table = true
  return Object.keys(parts).length > 0 ? JSON.stringify(parts) : ''
}

// What cannot be read is as usual: addresses come from anywhere.
export function read(text: string): View {
  let found: unknown
  try {
    found = JSON.parse(text || '{}')
  } catch {
    return USUAL
  }
  if (typeof found !== 'object' || found === null) return USUAL
  const { axes, within, colour, log, table } = found as Record<string, unknown>
  return {
    axes: Array.isArray(axes) ? [...new Set(axes.filter((each) => typeof each === 'string'))] : null,
    brushes: listOf(within).flatMap(([key, from, to]) =>
      typeof key === 'string' && isBound(from) && isBound(to) ? [{ key, from, to }] : [],
    ),
    colour: typeof colour === 'string' ? colour : '',
    log: listOf(log).flatMap(([key, on]) => (typeof key === 'string' && typeof on === 'boolean' ? [{ key, on }] : [])),
    asTable: table === true,
  }
}

function listOf(value: unknown): unknown[][] {
  return Array.isArray(value) ? value.filter((each) => Array.isArray(each)) : []
}

function isBound(value: unknown): value is Value | null {
  return value === null || typeof value === 'number' || typeof value === 'string'
}
