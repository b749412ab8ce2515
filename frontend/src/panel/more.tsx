// What is done with the table as a whole: group its rows, tick its first ones, take it along.
import { useId, useRef, useState } from 'preact/hooks'
import type { TableColumn } from '../api/plugin'
import { csv, groupsCsv } from '../model/csv'
import { AGGREGATES, type Aggregate, allBut, type Grouping, type RowGroup } from '../model/groups'

const USUAL = 5
const REPEATS = /(^|[_./])(seed|fold|repeat|trial)$/i

type Props = {
  columns: TableColumn[]
  // What is shown, for a file.
  visible: TableColumn[]
  rows: () => number[]
  groups: () => RowGroup[]
  grouping: Grouping
  group: (grouping: Grouping) => void
  tickFirst: (count: number) => void
  help: () => void
}

export function More({ columns, visible, rows, groups, grouping, group, tickFirst, help }: Props) {
  const id = useId()
  const box = useRef<HTMLDivElement>(null)
  const [first, setFirst] = useState(USUAL)
  const choices = columns.filter((each) => each.kind === 'parameter' || ['state', 'tags'].includes(each.key))
  const repeats = choices.filter((each) => REPEATS.test(each.label))
  const [by = ''] = grouping.by
  return (
    <>
      <button type="button" class="quiet" popovertarget={id}>
        More
      </button>
      <div ref={box} id={id} popover="auto" class="popover" role="dialog" aria-label="More for this table">
        <label>
          Group by{' '}
          <select
            value={by}
            onChange={(event) =>
              group({ ...grouping, by: event.currentTarget.value === '' ? [] : [event.currentTarget.value] })
            }
          >
            <option value="">nothing</option>
            {repeats.map((each) => (
              <option key={each.key} value={allBut(each.key)}>
                all parameters but {each.label}
              </option>
            ))}
            {choices.map((each) => (
              <option key={each.key} value={each.key}>
                {each.label}
              </option>
            ))}
          </select>
        </label>
        <label>
          Of each group{' '}
          <select
            value={grouping.aggregate}
            disabled={by === ''}
            onChange={(event) => group({ ...grouping, aggregate: event.currentTarget.value as Aggregate })}
          >
            {Object.entries(AGGREGATES).map(([aggregate, text]) => (
              <option key={aggregate} value={aggregate}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <form
          class="inline"
          onSubmit={(event) => {
            event.preventDefault()
            tickFirst(first)
            box.current?.hidePopover()
          }}
        >
          <label>
            Tick the first{' '}
            <input
              type="number"
              min={1}
              max={500}
              value={first}
              required
              onInput={(event) => setFirst(event.currentTarget.valueAsNumber || 0)}
            />
          </label>
          <button type="submit" class="quiet">
            Tick
          </button>
        </form>
        <button type="button" class="quiet" onClick={() => download(csv(visible, rows()), 'experiments.csv')}>
          Download as CSV
        </button>
        {by !== '' && (
          <button
            type="button"
            class="quiet"
            onClick={() => download(groupsCsv(visible.slice(1), groups()), 'groups.csv')}
          >
            Download groups as CSV
          </button>
        )}
        <button
          type="button"
          class="quiet"
          onClick={() => {
            box.current?.hidePopover()
            help()
          }}
        >
          Keys (?)
        </button>
      </div>
    </>
  )
}

function download(text: string, name: string) {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
