// The filter: words that a name or text holds, comparisons (`validation/epoch_loss<0.2`, `status=failed`), ranges and lists
// (`lr in [1e-4,1e-3]`, `optimizer in [adam,sgd]`), `tag:best`; `not` turns what follows around, quotes hold spaces together.

export type Cell = { numbers: boolean; at: (row: number) => number | string; key: string; label: string }
export type Query = { ok: true; test: (row: number) => boolean } | { ok: false; message: string }

type Test = (row: number) => boolean

const COMPARISON = /^(.+?)(<=|>=|!=|=|<|>)(.*)$/s
const PIECE = /\[[^\]]*\]?|(?:"[^"]*"?|[^\s"])+/g
const TAG = /^tags?:(.*)$/is
const ALIASES: Record<string, string> = { status: 'state' }

export function parseQuery(text: string, columns: Cell[]): Query {
  const tests: Test[] = []
  const pieces = text.match(PIECE) ?? []
  for (let at = 0; at < pieces.length; at++) {
    const negated = pieces[at]?.toLowerCase() === 'not' && at + 1 < pieces.length
    if (negated) at++
    const word = pieces[at] ?? ''
    const isRange = pieces[at + 1]?.toLowerCase() === 'in' && pieces[at + 2]?.startsWith('[')
    const made = isRange ? within(unquoted(word), pieces[at + 2] ?? '', columns) : term(word, columns)
    if (isRange) at += 2
    if (typeof made === 'string') return { ok: false, message: made }
    tests.push(negated ? (row) => !made(row) : made)
  }
  return { ok: true, test: (row) => tests.every((each) => each(row)) }
}

function term(word: string, columns: Cell[]): Test | string {
  const tag = TAG.exec(word)
  if (tag) return tagged(unquoted(tag[1] ?? ''), columns)
  const found = word.startsWith('"') && word.indexOf('"', 1) === word.length - 1 ? null : COMPARISON.exec(word)
  if (!found) return containing(unquoted(word), columns)
  return comparison(unquoted(found[1] ?? ''), found[2] ?? '', unquoted(found[3] ?? ''), columns)
}

function unquoted(text: string): string {
  return text.replaceAll('"', '')
}

function tagged(tag: string, columns: Cell[]): Test | string {
  if (tag === '') return 'Type a tag after “tag:”.'
  const column = find('tags', columns)
  const wanted = tag.toLowerCase()
  return (row) => (column ? String(column.at(row)).toLowerCase().split(', ').includes(wanted) : false)
}

function within(name: string, range: string, columns: Cell[]): Test | string {
  const column = find(name, columns)
  if (!column) return unknown(name)
  if (!range.endsWith(']')) return `Close “${name} in ${range}” with a bracket.`
  const parts = range
    .slice(1, -1)
    .split(',')
    .map((part) => unquoted(part.trim()))
  if (!column.numbers) {
    const wanted = new Set(parts.map((part) => part.toLowerCase()))
    return (row) => wanted.has(String(column.at(row)).toLowerCase())
  }
  const [low, high] = parts.map((part) => (part === '' ? Number.NaN : Number(part)))
  if (parts.length !== 2 || Number.isNaN(low) || Number.isNaN(high))
    return `“${name}” holds numbers: write “${name} in [least,greatest]”.`
  return (row) => (column.at(row) as number) >= (low ?? 0) && (column.at(row) as number) <= (high ?? 0)
}

function unknown(name: string): string {
  return `There is no column “${name}”. Type a column's title as it stands in the table.`
}

function containing(word: string, columns: Cell[]): Test {
  const wanted = word.toLowerCase()
  const texts = columns.filter((column) => !column.numbers && column.key !== 'warnings')
  return (row) => texts.some((column) => String(column.at(row)).toLowerCase().includes(wanted))
}

function comparison(name: string, sign: string, value: string, columns: Cell[]): Test | string {
  const column = find(name, columns)
  if (!column) return unknown(name)
  if (value === '') return `Type a value after “${name}${sign}”.`
  if (!column.numbers) return textComparison(column, sign, value)
  const wanted = Number(value)
  if (Number.isNaN(wanted)) return `“${name}” holds numbers, and “${value}” is none.`
  const compare = SIGNS[sign] ?? (() => false)
  return (row) => compare(column.at(row) as number, wanted)
}

function textComparison(column: Cell, sign: string, value: string): Test | string {
  const wanted = value.toLowerCase()
  if (sign === '=') return (row) => String(column.at(row)).toLowerCase() === wanted
  if (sign === '!=') return (row) => String(column.at(row)).toLowerCase() !== wanted
  return `“${column.label}” holds text: compare it with = or !=.`
}

const SIGNS: Record<string, (left: number, right: number) => boolean> = {
  '<': (left, right) => left < right,
  '>': (left, right) => left > right,
  '<=': (left, right) => left <= right,
  '>=': (left, right) => left >= right,
  '=': (left, right) => left === right,
  '!=': (left, right) => left !== right,
}

function find(name: string, columns: Cell[]): Cell | undefined {
  const wanted = ALIASES[name.toLowerCase()] ?? name.toLowerCase()
  return columns.find((column) => column.label.toLowerCase() === wanted || column.key.toLowerCase() === wanted)
}

const MOST_OFFERED = 20

// How the last word may go on: whole texts of the filter, for a list that the browser offers.
export function completions(text: string, columns: Cell[], rows: number): string[] {
  const at = text.search(/\S*$/)
  const [before, word] = [text.slice(0, at), text.slice(at)]
  const found = /^(.+?)(!?=)(.*)$/.exec(word)
  const column = found && find(found[1] ?? '', columns)
  if (column && !column.numbers) {
    const values = new Set(Array.from({ length: rows }, (_, row) => String(column.at(row))))
    const wanted = (found[3] ?? '').toLowerCase()
    const fitting = [...values].filter((value) => value !== '' && value.toLowerCase().includes(wanted)).sort()
    return offered(fitting.map((value) => `${before}${found[1]}${found[2]}${quoted(value)}`))
  }
  if (word === '' || COMPARISON.test(word)) return []
  const wanted = word.toLowerCase()
  const fitting = columns.filter((each) => each.label.toLowerCase().includes(wanted))
  return offered(fitting.map((each) => `${before}${quoted(each.label)}${each.numbers ? '<' : '='}`))
}

function offered(texts: string[]): string[] {
  return texts.slice(0, MOST_OFFERED)
}

export function quoted(text: string): string {
  return /[\s"]/.test(text) ? `"${text.replaceAll('"', '')}"` : text
}
