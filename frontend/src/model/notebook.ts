// A notebook as a list of cells that can be shown: nbformat 4, https://nbformat.readthedocs.io/en/latest/format_description.html.
// Whatever would run or load something is left out, and named.

export type Output =
  | { kind: 'text'; text: string; cut: number; as: 'printed' | 'value' | 'error' }
  | { kind: 'image'; address: string }
  | { kind: 'markdown'; text: string }
  | { kind: 'html'; text: string }
  | { kind: 'left_out'; type: string }

// The id is the notebook's own, or `#` and the cell's number from 1. `cut` counts what is left out of a source that is very long.
export type Cell = { id: string; source: string; cut: number } & (
  | { kind: 'markdown' }
  | { kind: 'raw' }
  | { kind: 'code'; count: number | null; outputs: Output[]; more: number }
)

// `more` counts what is there and not kept, of cells here and of outputs in a cell: a page of so many would stand still.
export type Notebook = { language: string; cells: Cell[]; more: number }

export const LONGEST_TEXT = 100_000
export const MOST_CELLS = 1000
export const MOST_OUTPUTS = 2000
// Of Markdown and tables together; what is beyond it stands as plain text, for drawing more takes seconds.
export const MOST_DRAWN = 1_000_000
const ID = /^[A-Za-z0-9_-]{1,64}$/
const STRING_OR_NO_NUMBER = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/gs
const LONGEST_IMAGE = 20_000_000
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/
// biome-ignore lint/suspicious/noControlCharactersInRegex: what terminals are told, such as colours, begins with such a character
const TERMINAL = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g

type Json = Record<string, unknown>

// Null: this is no notebook of a format that we read.
export function notebookOf(text: string): Notebook | null {
  let read: unknown
  try {
    read = parsed(text)
  } catch {
    return null
  }
  if (!isObject(read) || read.nbformat !== 4 || !Array.isArray(read.cells)) return null
  const cells = read.cells.filter(isObject)
  const room: Room = { outputs: MOST_OUTPUTS, drawn: MOST_DRAWN }
  const kept = cells.slice(0, MOST_CELLS).map((each, at) => cellOf(each, at, room))
  return { language: languageOf(read.metadata), cells: numbered(kept), more: cells.length - kept.length }
}

// Of several cells with one id the first has it.
function numbered(cells: Cell[]): Cell[] {
  const taken = new Set<string>()
  return cells.map((cell, at) => {
    const id = taken.has(cell.id) ? `#${at + 1}` : cell.id
    taken.add(id)
    return { ...cell, id }
  })
}

// Python writes NaN where a number is none, which JSON does not know.
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return JSON.parse(text.replace(STRING_OR_NO_NUMBER, (found) => (found.startsWith('"') ? found : 'null')))
  }
}

function languageOf(metadata: unknown): string {
  const about = isObject(metadata) ? metadata : {}
  const info = isObject(about.language_info) ? about.language_info : {}
  const kernel = isObject(about.kernelspec) ? about.kernelspec : {}
  return [info.name, kernel.language, kernel.name].find((name) => typeof name === 'string') ?? ''
}

// What a page still has room for.
type Room = { outputs: number; drawn: number }

function isDrawn(text: string, room: Room): boolean {
  if (text === '' || text.length > Math.min(LONGEST_TEXT, room.drawn)) return false
  room.drawn -= text.length
  return true
}

function cellOf(cell: Json, at: number, room: Room): Cell {
  const whole = joined(cell.source)
  const source = whole.slice(0, LONGEST_TEXT)
  const cut = whole.length - source.length
  const id = typeof cell.id === 'string' && ID.test(cell.id) ? cell.id : `#${at + 1}`
  if (cell.cell_type !== 'code')
    return { id, kind: cell.cell_type === 'markdown' && isDrawn(source, room) ? 'markdown' : 'raw', source, cut }
  const outputs = together(Array.isArray(cell.outputs) ? cell.outputs.filter(isObject) : [], room)
  const count = typeof cell.execution_count === 'number' ? cell.execution_count : null
  return { id, kind: 'code', source, cut, count, ...outputs }
}

function outputOf(output: Json, room: Room): Output {
  if (output.output_type === 'stream') return textOf(joined(output.text), 'printed')
  if (output.output_type === 'error') return textOf(joined(output.traceback, '\n') || said(output), 'error')
  return shownOf(isObject(output.data) ? output.data : {}, room)
}

function said({ ename, evalue }: Json): string {
  return `${joined(ename)}: ${joined(evalue)}`
}

// Of several ways to show one thing the richest that runs nothing.
function shownOf(data: Json, room: Room): Output {
  for (const type of ['image/png', 'image/jpeg', 'image/gif', 'image/webp']) {
    const content = joined(data[type]).replace(/\s+/g, '')
    if (content.length <= LONGEST_IMAGE && BASE64.test(content))
      return { kind: 'image', address: `data:${type};base64,${content}` }
  }
  for (const [type, kind] of [
    ['text/html', 'html'],
    ['text/markdown', 'markdown'],
  ] as const) {
    const text = joined(data[type])
    // What only scripts or drawings show is nothing once these are taken out.
    if ((kind === 'markdown' || /<table/i.test(text)) && isDrawn(text, room)) return { kind, text }
  }
  if (typeof data['text/plain'] === 'string' || Array.isArray(data['text/plain']))
    return textOf(joined(data['text/plain']), 'value')
  return { kind: 'left_out', type: Object.keys(data).join(', ') || 'nothing' }
}

function textOf(text: string, as: 'printed' | 'value' | 'error'): Output {
  const plain = overwritten(text.replace(TERMINAL, ''))
  return { kind: 'text', text: plain.slice(0, LONGEST_TEXT), cut: Math.max(0, plain.length - LONGEST_TEXT), as }
}

// A progress bar goes back to the beginning of its line; of such a line a terminal shows what was written last.
function overwritten(text: string): string {
  if (!text.includes('\r')) return text
  return text
    .split('\n')
    .map((line) => line.split('\r').findLast((part) => part !== '') ?? '')
    .join('\n')
}

// What one cell printed piece by piece is one text.
function together(outputs: Json[], room: Room): { outputs: Output[]; more: number } {
  const kept: Output[] = []
  for (const [at, each] of outputs.entries()) {
    const output = outputOf(each, room)
    const before = kept.at(-1)
    if (output.kind === 'text' && output.as === 'printed' && before?.kind === 'text' && before.as === 'printed') {
      const taken = output.text.slice(0, LONGEST_TEXT - before.text.length)
      before.text += taken
      before.cut += output.cut + output.text.length - taken.length
    } else if (room.outputs === 0) return { outputs: kept, more: outputs.length - at }
    else {
      room.outputs -= 1
      kept.push(output)
    }
  }
  return { outputs: kept, more: 0 }
}

// Texts stand in one piece or in a list of them.
function joined(value: unknown, by = ''): string {
  if (typeof value === 'string') return value
  return Array.isArray(value) ? value.filter((each) => typeof each === 'string').join(by) : ''
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
