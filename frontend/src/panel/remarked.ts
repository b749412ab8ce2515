// The table with what people said of its rows: their names, tags and one's own stars; what is archived is left out.
import { useCallback, useEffect, useState } from 'preact/hooks'
import type { Context, ExperimentTable, TableColumn } from '../api/plugin'
import { readAnnotations, type Seen, setStar, unsaid } from '../api/remarks'
import { tell } from '../ui/toast'
import { isHidden } from './host'

const REFRESH_MS = 30_000
export const YES = 'yes'

export type Remarked = {
  all: Seen[]
  refresh: () => void
  // Null: whoever looks keeps no stars here.
  star: ((id: string, starred: boolean) => void) | null
}

export function useAnnotations(gateway: Context['gateway']): Remarked {
  const [all, setAll] = useState<Seen[]>([])
  const api = gateway && !gateway.portal && gateway.may.includes('read_annotations') ? gateway.api : ''
  const mayStar = gateway?.may.includes('keep_own') ?? false
  // What people said is beside the point when the server does not answer: the table says so itself.
  const refresh = useCallback(() => {
    if (api && !isHidden()) readAnnotations(api).then(setAll, () => undefined)
  }, [api])
  useEffect(() => {
    refresh()
    const timer = setInterval(refresh, REFRESH_MS)
    window.addEventListener('resize', refresh)
    return () => {
      clearInterval(timer)
      window.removeEventListener('resize', refresh)
    }
  }, [refresh])
  const star = useCallback(
    (id: string, starred: boolean) => {
      // It shows at once, and is read again in any case.
      setAll((before) => withStar(before, id, starred))
      setStar(api, id, starred).then(refresh, (failure: Error) => {
        tell(`Not starred: ${failure.message}`)
        refresh()
      })
    },
    [api, refresh],
  )
  return { all, refresh, star: api && mayStar ? star : null }
}

function withStar(all: Seen[], id: string, starred: boolean): Seen[] {
  const known = all.find((each) => each.experiment === id) ?? unsaid(id)
  return [...all.filter((each) => each.experiment !== id), { ...known, starred }]
}

export function archivedIn(table: ExperimentTable, { all }: Remarked): number {
  const archived = new Set(all.filter((each) => each.archived).map((each) => each.experiment))
  const ids = table.columns.find((column) => column.key === 'id')
  return Array.from({ length: table.rows }, (_, row) => String(ids?.at(row))).filter((id) => archived.has(id)).length
}

export function withRemarks(table: ExperimentTable, remarked: Remarked, archivedToo: boolean): ExperimentTable {
  const { all, star } = remarked
  const byId = new Map(all.map((each) => [each.experiment, each]))
  const ids = table.columns.find((column) => column.key === 'id')
  const paths = table.columns.find((column) => column.key === 'name')
  if (!ids || !paths || (byId.size === 0 && !star)) return table
  const idAt = (row: number) => String(ids.at(row))
  const rows = Array.from({ length: table.rows }, (_, row) => row).filter(
    (row) => archivedToo || !byId.get(idAt(row))?.archived,
  )
  const of = (row: number) => byId.get(idAt(rows[row] as number))
  const text = (key: string, label: string, at: (row: number) => string): TableColumn => ({
    key,
    label,
    kind: 'system',
    numbers: false,
    at,
  })
  const pathAt = (row: number) => String(paths.at(rows[row] as number))
  const name: TableColumn = {
    ...paths,
    at: (row) => of(row)?.display_name || pathAt(row),
    title: (row) => (of(row)?.display_name ? `${of(row)?.display_name}\n${pathAt(row)}` : pathAt(row)),
  }
  const said: TableColumn[] = []
  if (star)
    said.push({
      ...text('starred', 'Starred', (row) => (of(row)?.starred ? YES : '')),
      toggle: (row) => star(idAt(rows[row] as number), !of(row)?.starred),
    })
  if (all.some((each) => each.tags.length > 0)) said.push(text('tags', 'Tags', (row) => of(row)?.tags.join(', ') ?? ''))
  if (archivedToo && all.some((each) => each.archived))
    said.push(text('archived', 'Archived', (row) => (of(row)?.archived ? YES : '')))
  // Not shown, and found by the filter: what training called it.
  if (all.some((each) => each.display_name)) said.push(text('path', 'Path', pathAt))
  const columns = table.columns.flatMap((column) =>
    column.key === 'name'
      ? [name, ...said]
      : [
          {
            ...column,
            at: (row: number) => column.at(rows[row] as number),
            ...(column.nan ? { nan: (row: number) => column.nan?.(rows[row] as number) ?? false } : {}),
          } satisfies TableColumn,
        ],
  )
  return { ...table, rows: rows.length, columns }
}
