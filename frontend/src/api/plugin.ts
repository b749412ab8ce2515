// The plugin's own routes, relative to the page's base, so that they work under any mount.
import { type Column, tableFromIPC } from '@uwdata/flechette'
import { ask, askJson } from './http'

export type Context = {
  version: string
  gateway: null | {
    api: string
    project: string
    caller: { kind: string; id: string; name: string; role: string | null }
    may: string[]
    // The project's page, where it is on another origin than TensorBoard's pages; what people change is changed there.
    portal?: string
  }
  logdir_empty: boolean
  // TensorBoard's own tabs cannot be shown: its data server keeps ending.
  dashboards_fail: boolean
  // How far the logs were read; sizes in bytes.
  index: { state: string; files: number; files_done: number; bytes: number; bytes_done: number }
}

export type TableColumn = {
  key: string
  label: string
  kind: string
  numbers: boolean
  at: (row: number) => number | string
  // Whether NaN is what was logged there, and not that nothing was.
  nan?: (row: number) => boolean
  // What a cell says on a closer look, if that is more than it shows.
  title?: (row: number) => string
  // What is yes or no, and turned by pressing it.
  toggle?: (row: number) => void
}
export type ExperimentTable = { rows: number; columns: TableColumn[]; etag: string }

export type Metric = {
  label: string
  run: string
  tag: string
  last: number | string
  step: number
  min?: number | string
  min_step?: number
  max?: number | string
  max_step?: number
  count?: number
}

export type Experiment = {
  id: string
  name: string
  path: string
  state: string
  started: number | null
  duration: number | null
  params: Record<string, string | number | boolean>
  param_sources: string[]
  runs: { name: string; suffix: string; tags: number }[]
  metrics: Metric[]
  warnings: string[]
}

// What lies beside the event files; times in Unix seconds.
export type LyingFile = { name: string; size: number; modified: number }
// What is known of machine, code and command, by name; `contents`: the files themselves can be had.
export type Belongings = { files: LyingFile[]; more: boolean; facts: Record<string, string>; contents: boolean }

export const readBelongings = (id: string) => askJson<Belongings>(`files?id=${encodeURIComponent(id)}`)
export const fileAddress = (id: string, name: string) => `file?${new URLSearchParams({ id, name })}`
// A file's bytes, or the first so many of them.
export const readFile = async (id: string, name: string, most?: number) => {
  const headers: Record<string, string> = most === undefined ? {} : { Range: `bytes=0-${most - 1}` }
  return new Uint8Array(await (await ask(fileAddress(id, name), { headers })).arrayBuffer())
}
export const readContext = () => askJson<Context>('context')
export const readExperiment = (id: string) => askJson<Experiment>(`experiment?id=${encodeURIComponent(id)}`)

// `of` names which values of metrics are read. Null: nothing changed since the table with this etag.
export async function readTable(etag: string, of: string): Promise<ExperimentTable | null> {
  const headers: Record<string, string> = etag ? { 'If-None-Match': etag } : {}
  const answer = await ask(`experiments?of=${of}`, { headers, cache: 'no-store' })
  if (answer.status === 304) return null
  const table = tableFromIPC(new Uint8Array(await answer.arrayBuffer()))
  const columns: TableColumn[] = table.schema.fields.map((field, index) => {
    const column = table.getChildAt(index) as Column<number | string>
    const numbers = typeof (column.length ? column.at(0) : '') === 'number'
    return {
      key: field.name,
      label: field.metadata?.get('label') ?? field.name,
      kind: field.metadata?.get('kind') ?? 'system',
      numbers,
      at: reading(column),
      ...(field.metadata?.get('nan') ? { nan: among(field.metadata.get('nan') as string) } : {}),
    }
  })
  const warningOf = warningsIn(columns)
  columns.push(yesColumn('warned', 'Warned', (row) => warningOf(row) !== ''))
  return { rows: table.numRows, columns, etag: answer.headers.get('ETag') ?? '' }
}

// What is wrong with the files of the experiment of a row; empty if nothing is.
export function warningsIn(columns: TableColumn[]): (row: number) => string {
  const warnings = columns.find(({ key }) => key === 'warnings')
  return (row) => String(warnings?.at(row) ?? '')
}

// For the filter alone.
export function yesColumn(key: string, label: string, is: (row: number) => boolean): TableColumn {
  return { key, label, kind: 'system', numbers: false, at: (row) => (is(row) ? 'yes' : '') }
}

function among(rows: string): (row: number) => boolean {
  const found = new Set(rows.split(',').map(Number))
  return (row) => found.has(row)
}

// A column is decoded when somebody first looks at it, and once.
function reading(column: Column<number | string>): (row: number) => number | string {
  let values: ArrayLike<number | string | null> | null = null
  return (row) => {
    if (values === null) values = column.toArray()
    return values[row] as number | string
  }
}
