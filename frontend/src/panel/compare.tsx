// Several experiments side by side: what differs between them, measured against the first, and their charts.
import { useMemo, useState } from 'preact/hooks'
import type { ExperimentTable } from '../api/plugin'
import { look } from '../lib/curve'
import { count, formatNumber } from '../lib/format'
import { type Attribute, attributes, present, verdict } from '../model/comparison'
import { Charts } from './charts'
import { isDark } from './host'

type Props = {
  table: ExperimentTable
  ids: string[]
  setIds: (ids: string[]) => void
  close: () => void
  open: (id: string) => void
}

export function Compare({ table, ids, setIds, close, open }: Props) {
  const [everything, setEverything] = useState(false)
  const column = (key: string) => table.columns.find((each) => each.key === key)
  const rowOf = useMemo(() => {
    const idsOf = column('id')
    return new Map(Array.from({ length: table.rows }, (_, row) => [String(idsOf?.at(row)), row]))
  }, [table])
  const there = ids.filter((id) => rowOf.has(id))
  const nameOf = (id: string) => String(column('name')?.at(rowOf.get(id) ?? 0) ?? id)
  const rows = there.map((id) => rowOf.get(id) as number)
  const all = useMemo(() => attributes(table.columns, rows), [table, ids])
  const shown = all.filter((attribute) => everything || !attribute.same)
  const labels = all.filter((attribute) => attribute.kind === 'metric').map((attribute) => attribute.label)
  return (
    <main class="detail compare" aria-label="Compare">
      <button type="button" class="quiet" onClick={close}>
        ← All experiments
      </button>
      <h1>{count(there.length, 'experiment')} side by side</h1>
      {there.length < ids.length && (
        <p class="muted">{count(ids.length - there.length, 'experiment')} of this view cannot be seen here any more.</p>
      )}
      {there.length === 0 ? (
        <p>Go back to the table and tick the experiments that you want to compare.</p>
      ) : (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard */}
          <div class="compare-table" tabIndex={0} role="group" aria-label="What differs">
            <table class="plain">
              <thead>
                <tr>
                  <th scope="col">
                    <label>
                      <input
                        type="checkbox"
                        checked={everything}
                        onChange={(event) => setEverything(event.currentTarget.checked)}
                      />{' '}
                      Also the {all.length - all.filter((attribute) => !attribute.same).length} that are equal
                    </label>
                  </th>
                  {there.map((id, index) => (
                    <th key={id} scope="col" class="break">
                      <span class="swatch" style={{ background: look(index, isDark()).stroke }} aria-hidden="true" />
                      <button type="button" class="name" onClick={() => open(id)}>
                        {nameOf(id)}
                      </button>
                      <div class="chip-deeds">
                        {index === 0 ? (
                          <span class="muted">measured against</span>
                        ) : (
                          <button
                            type="button"
                            class="quiet"
                            onClick={() => setIds([id, ...ids.filter((each) => each !== id)])}
                          >
                            Measure against this
                          </button>
                        )}
                        <button
                          type="button"
                          class="quiet"
                          aria-label={`Take ${nameOf(id)} out`}
                          onClick={() => setIds(ids.filter((each) => each !== id))}
                        >
                          ×
                        </button>
                      </div>
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {shown.map((attribute) => (
                  <Row key={attribute.key} attribute={attribute} />
                ))}
              </tbody>
            </table>
          </div>
          {shown.length === 0 && <p class="muted">Nothing differs between them.</p>}
          <Charts ids={there} nameOf={nameOf} labels={labels} />
        </>
      )}
    </main>
  )
}

function Row({ attribute }: { attribute: Attribute }) {
  const base = attribute.values[0]
  return (
    <tr class={attribute.kind}>
      <th scope="row" class="break">
        {attribute.label}
      </th>
      {attribute.values.map((value, index) => {
        const difference =
          index > 0 && typeof value === 'number' && typeof base === 'number' ? value - base : Number.NaN
        const judged = attribute.kind === 'metric' ? verdict(attribute.label, difference) : ''
        return (
          <td
            key={index}
            class={[attribute.numbers ? 'number' : '', Object.is(value, base) ? '' : 'changed'].join(' ')}
          >
            {present(value) ? (typeof value === 'number' ? formatNumber(value) : value) : '–'}
            {!Number.isNaN(difference) && difference !== 0 && (
              <span class={`delta ${judged}`}>
                {' '}
                {difference > 0 ? '+' : ''}
                {formatNumber(difference)}
                {judged && ` ${judged}`}
              </span>
            )}
          </td>
        )
      })}
    </tr>
  )
}
