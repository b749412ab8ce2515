// The filter: words that a name or text holds, comparisons (`validation/epoch_loss<0.2`, `status=failed`), ranges and lists
// (`lr in [1e-4,1e-3]`, `optimizer in [adam,sgd]`), `tag:best`; `not` turns what follows around, quotes hold spaces together.

export type Cell = {
  numbers: boolean
  at: (row: number) => number | string
  nan?: (row: number) => boolean
  key: string
  label: string
}
export type Query = { ok: true; test: (row: number) => boolean } | { ok: false; message: string }

type Test = (row: number) => boolean

const SIGN = /<=|>=|!=|=|<|>/g
const PIECE = /\[[^\]]*\]?|(?:"[^"]*"?|[^\s"])+/g
const TAG = /^tags?:(.*)$/is
// No object: a column may be called `constructor`.
const ALIASES = new Map([['status', 'state']])

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
  const found = word.startsWith('"') && word.indexOf('"', 1) === word.length - 1 ? null : parted(word, columns)
  return found ? comparison(...found, columns) : containing(unquoted(word), columns)
}

// Name, sign and value. A name may hold signs itself: in quotes, or where there is such a column.
function parted(word: string, columns: Cell[]): [string, string, string] | null {
  const closing = word.startsWith('"') ? word.indexOf('"', 1) : 0
  const ways = [...word.matchAll(SIGN)]
    .filter(({ index }) => index > closing)
    .map(({ 0: sign, index }): [string, string, string] => [
      unquoted(word.slice(0, index)),
      sign,
      unquoted(word.slice(index + sign.length)),
    ])
  return ways.find(([name]) => findColumn(name, columns)) ?? ways[0] ?? null
}

function unquoted(text: string): string {
  return text.replaceAll('"', '')
}

function tagged(tag: string, columns: Cell[]): Test | string {
  if (tag === '') return 'Type a tag after “tag:”.'
  const column = findColumn('tags', columns)
  const wanted = tag.toLowerCase()
  return (row) => (column ? String(column.at(row)).toLowerCase().split(', ').includes(wanted) : false)
}

function within(name: string, range: string, columns: Cell[]): Test | string {
  const column = findColumn(name, columns)
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

// Words are looked for in what the table can show.
const UNSAID = new Set(['warnings', 'warned', 'ticked'])

function containing(word: string, columns: Cell[]): Test {
  const wanted = word.toLowerCase()
  const texts = columns.filter((column) => !column.numbers && !UNSAID.has(column.key))
  return (row) => texts.some((column) => String(column.at(row)).toLowerCase().includes(wanted))
}

function comparison(name: string, sign: string, value: string, columns: Cell[]): Test | string {
  const column = findColumn(name, columns)
  if (!column) return unknown(name)
  if (value === '') return `Type a value after “${name}${sign}”.`
  if (!column.numbers) return textComparison(column, sign, value)
  if (column.key === 'started' && Number.isNaN(Number(value))) return moment(column, sign, value)
  if (/^nan$/i.test(value) && /^!?=$/.test(sign)) return (row) => (column.nan?.(row) ?? false) === (sign === '=')
  const wanted = Number(value)
  if (Number.isNaN(wanted)) return `“${name}” holds numbers, and “${value}” is none.`
  const compare = SIGNS[sign] ?? (() => false)
  return (row) => compare(column.at(row) as number, wanted)
}

const MOMENT = /^(\d{4})-(\d{2})(?:-(\d{2})(?:[T ](\d{2}):(\d{2}))?)?$/

// A month, a day or a minute is all of it, as this browser's clock has it: `=` is within, `>` after its end.
function moment(column: Cell, sign: string, value: string): Test | string {
  const found = MOMENT.exec(value)
  if (!found) return `“${column.label}” is a time: write it like 2026-11-30.`
  const [year = 0, month = 0, day, hour, minute] = found.slice(1).map((part) => (part ? Number(part) : undefined))
  const at = (more: number) =>
    new Date(
      year,
      month - 1 + (day === undefined ? more : 0),
      (day ?? 1) + (day !== undefined && hour === undefined ? more : 0),
      hour ?? 0,
      (minute ?? 0) + (hour !== undefined ? more : 0),
    ).getTime() / 1000
  const [from, to] = [at(0), at(1)]
  const within = (time: number) => time >= from && time < to
  const tests: Record<string, (time: number) => boolean> = {
    '=': within,
    '!=': (time) => !within(time),
    '<': (time) => time < from,
    '>=': (time) => time >= from,
    '>': (time) => time >= to,
    '<=': (time) => time < to,
  }
  return (row) => tests[sign]?.(column.at(row) as number) ?? false
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

// By its title or its key, the first of several.
export function findColumn<C extends Cell>(name: string, columns: C[]): C | undefined {
  const wanted = ALIASES.get(name.toLowerCase()) ?? name.toLowerCase()
  return columns.find((column) => column.label.toLowerCase() === wanted || column.key.toLowerCase() === wanted)
}

const MOST_OFFERED = 20

// How the last word may go on: whole texts of the filter, for a list that the browser offers.
export function completions(text: string, columns: Cell[], rows: number): string[] {
  const at = text.search(/\S*$/)
  const [before, word] = [text.slice(0, at), text.slice(at)]
  const found = parted(word, columns)
  const column = found && /^!?=$/.test(found[1]) && findColumn(found[0], columns)
  if (column && !column.numbers) {
    const values = new Set(Array.from({ length: rows }, (_, row) => String(column.at(row))))
    const wanted = found[2].toLowerCase()
    const fitting = [...values].filter((value) => value !== '' && value.toLowerCase().includes(wanted)).sort()
    return offered(fitting.map((value) => `${before}${quoted(found[0])}${found[1]}${quoted(value)}`))
  }
  if (word === '' || parted(word, columns)) return []
  const wanted = word.toLowerCase()
  const fitting = columns.filter((each) => each.label.toLowerCase().includes(wanted))
  return offered(fitting.map((each) => `${before}${quoted(nameOf(each, columns))}${each.numbers ? '<' : '='}`))
}

// Where a parameter and a metric are called the same, the title means the first of them.
function nameOf(column: Cell, columns: Cell[]): string {
  return findColumn(column.label, columns) === column ? column.label : column.key
}

function offered(texts: string[]): string[] {
  return texts.slice(0, MOST_OFFERED)
}

export function quoted(text: string): string {
  return /[\s"<>=]/.test(text) ? `"${text.replaceAll('"', '')}"` : text
}
