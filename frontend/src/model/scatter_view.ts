// Which two columns a scatter shows, and its short form for an address: their keys, then what of `xlog`, `xlin`, `ylog`, `ylin`, `table` was chosen.
import { decoded } from '../lib/decoded'
import { type Column, telling, varies } from './axes'

// Null: what the values suggest.
export type ScatterView = { x: string; y: string; xLog: boolean | null; yLog: boolean | null; asTable: boolean }

export function read(text: string): ScatterView {
  const [x = '', y = '', ...flags] = text.split(',').map(decoded)
  const logOf = (axis: string) => (flags.includes(`${axis}log`) ? true : flags.includes(`${axis}lin`) ? false : null)
  return { x, y, xLog: logOf('x'), yLog: logOf('y'), asTable: flags.includes('table') }
}

export function written({ x, y, xLog, yLog, asTable }: ScatterView): string {
  const flag = (axis: string, log: boolean | null) => (log === null ? [] : [`${axis}${log ? 'log' : 'lin'}`])
  const flags = [...flag('x', xLog), ...flag('y', yLog), ...(asTable ? ['table'] : [])]
  return [encodeURIComponent(x), encodeURIComponent(y), ...flags].join(',')
}

// A parameter that varies, of numbers if there is one, and the metric that tells most.
export function usual(columns: Column[], rows: number[]): { x: Column | undefined; y: Column | undefined } {
  const varying = columns.filter((column) => varies(column, rows))
  const parameters = varying.filter((column) => column.kind === 'parameter')
  const y = telling(varying)[0] ?? varying.find((column) => column.numbers) ?? columns[0]
  const x = parameters.find((column) => column.numbers) ?? parameters[0] ?? varying.find((column) => column !== y)
  return { x: x ?? columns[0], y }
}
