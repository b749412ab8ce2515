// Visitors of a share link are told nothing of what people said: a filter that asks for names, tags or stars would show them other rows.
import { type Cell, parseQuery } from './query'

const SAID = new Set(['starred', 'tags', 'archived', 'path'])

export function guestsFindTheSame(text: string, columns: Cell[], rows: number): boolean {
  const mine = parseQuery(text, columns)
  if (!mine.ok) return true
  const theirs = parseQuery(text, seenByGuests(columns))
  return theirs.ok && Array.from({ length: rows }, (_, row) => row).every((row) => mine.test(row) === theirs.test(row))
}

// To them an experiment's name is its path.
function seenByGuests(columns: Cell[]): Cell[] {
  const path = columns.find((column) => column.key === 'path')
  return columns
    .filter((column) => !SAID.has(column.key))
    .map((column) => (path && column.key === 'name' ? { ...column, at: path.at } : column))
}
