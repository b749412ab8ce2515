// The table with what people said of its rows: a column of tags, if there are any; what is archived is left out.
import { useCallback, useEffect, useState } from 'preact/hooks'
import type { Context, ExperimentTable, TableColumn } from '../api/plugin'
import { type Annotation, readAnnotations } from '../api/remarks'

const REFRESH_MS = 30_000

export function useAnnotations(gateway: Context['gateway']): [Annotation[], () => void] {
  const [annotations, setAnnotations] = useState<Annotation[]>([])
  const api = gateway && !gateway.portal && gateway.may.includes('read_annotations') ? gateway.api : ''
  // What people said is beside the point when the server does not answer: the table says so itself.
  const refresh = useCallback(() => {
    if (api && window.innerHeight > 0) readAnnotations(api).then(setAnnotations, () => undefined)
  }, [api])
  useEffect(() => {
    refresh()
    const timer = setInterval(refresh, REFRESH_MS)
    return () => clearInterval(timer)
  }, [refresh])
  return [annotations, refresh]
}

export function archivedIn(table: ExperimentTable, annotations: Annotation[]): number {
  const archived = new Set(annotations.filter((each) => each.archived).map((each) => each.experiment))
  const ids = table.columns.find((column) => column.key === 'id')
  return Array.from({ length: table.rows }, (_, row) => String(ids?.at(row))).filter((id) => archived.has(id)).length
}

export function withRemarks(table: ExperimentTable, annotations: Annotation[], archivedToo: boolean): ExperimentTable {
  const byId = new Map(annotations.map((each) => [each.experiment, each]))
  const ids = table.columns.find((column) => column.key === 'id')
  if (!ids || byId.size === 0) return table
  const of = (row: number) => byId.get(String(ids.at(row)))
  const rows = Array.from({ length: table.rows }, (_, row) => row).filter((row) => archivedToo || !of(row)?.archived)
  const columns = table.columns.map((column) => ({ ...column, at: (row: number) => column.at(rows[row] as number) }))
  const tags: TableColumn = {
    key: 'tags',
    label: 'Tags',
    kind: 'system',
    numbers: false,
    at: (row) => of(rows[row] as number)?.tags.join(', ') ?? '',
  }
  const some = annotations.some((each) => each.tags.length > 0)
  const name = columns.findIndex((column) => column.key === 'name') + 1
  return {
    ...table,
    rows: rows.length,
    columns: some ? [...columns.slice(0, name), tags, ...columns.slice(name)] : columns,
  }
}
