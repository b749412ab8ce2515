// The filter: words that the name or a text holds, and comparisons such as `validation/epoch_loss<0.2` or `state=failed`.

export type Cell = { numbers: boolean; at: (row: number) => number | string; key: string; label: string }
export type Query = { ok: true; test: (row: number) => boolean } | { ok: false; message: string }

const COMPARISON = /^(.+?)(<=|>=|!=|=|<|>)(.*)$/

export function parseQuery(text: string, columns: Cell[]): Query {
  const tests: ((row: number) => boolean)[] = []
  for (const word of text.trim().split(/\s+/).filter(Boolean)) {
    const found = COMPARISON.exec(word)
    const made = found ? comparison(found[1] ?? '', found[2] ?? '', found[3] ?? '', columns) : containing(word, columns)
    if (typeof made === 'string') return { ok: false, message: made }
    tests.push(made)
  }
  return { ok: true, test: (row) => tests.every((each) => each(row)) }
}

function containing(word: string, columns: Cell[]): (row: number) => boolean {
  const wanted = word.toLowerCase()
  const texts = columns.filter((column) => !column.numbers && column.key !== 'warnings')
  return (row) => texts.some((column) => String(column.at(row)).toLowerCase().includes(wanted))
}

function comparison(name: string, sign: string, value: string, columns: Cell[]): ((row: number) => boolean) | string {
  const column = find(name, columns)
  if (!column) return `There is no column “${name}”. Type a column's title as it stands in the table.`
  if (value === '') return `Type a value after “${name}${sign}”.`
  if (!column.numbers) return textComparison(column, sign, value)
  const wanted = Number(value)
  if (Number.isNaN(wanted)) return `“${name}” holds numbers, and “${value}” is none.`
  const compare = SIGNS[sign] ?? (() => false)
  return (row) => compare(column.at(row) as number, wanted)
}

function textComparison(column: Cell, sign: string, value: string): ((row: number) => boolean) | string {
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
  const wanted = name.toLowerCase()
  return columns.find((column) => column.label.toLowerCase() === wanted || column.key.toLowerCase() === wanted)
}
