// Rows of a table by the ids of their experiments, and the other way round.
import type { ExperimentTable } from '../api/plugin'

export function byId(table: ExperimentTable): { idOf: (row: number) => string; rowOf: ReadonlyMap<string, number> } {
  const ids = table.columns.find((column) => column.key === 'id')
  const idOf = (row: number) => String(ids?.at(row) ?? '')
  return { idOf, rowOf: new Map(Array.from({ length: table.rows }, (_, row) => [idOf(row), row])) }
}
