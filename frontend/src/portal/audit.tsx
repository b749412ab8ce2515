// Who did what, the newest first, with a filter and a way out to a spreadsheet.
import { useState } from 'preact/hooks'
import { auditCsv, type Entry, readAudit } from '../api/rest'
import { Loaded, Problem, useDeed, useLoad } from '../ui/use_load'
import { Frame } from './frame'

export function ProjectAuditPage({ project }: { project: string }) {
  return (
    <Frame>
      <h1 class="break">
        What was done in <a href={`/projects/${project}`}>{project}</a>
      </h1>
      <AuditLog project={project} />
    </Frame>
  )
}

export function AuditLog({ project }: { project: string | null }) {
  const [filter, setFilter] = useState({ actor: '', action: '' })
  const [typed, setTyped] = useState(filter)
  const key = JSON.stringify([project, filter])
  return (
    <>
      <form
        class="bar"
        aria-label="Filter"
        onSubmit={(event) => {
          event.preventDefault()
          setFilter(typed)
        }}
      >
        <label>
          Who, as user:ID
          <input value={typed.actor} onInput={(event) => setTyped({ ...typed, actor: event.currentTarget.value })} />
        </label>
        <label>
          Did, as link or link.create
          <input value={typed.action} onInput={(event) => setTyped({ ...typed, action: event.currentTarget.value })} />
        </label>
        <button type="submit">Filter</button>
        <a href={auditCsv(project, filter)} download>
          As CSV
        </a>
      </form>
      <Pages key={key} project={project} filter={filter} />
    </>
  )
}

function Pages({ project, filter }: { project: string | null; filter: { actor: string; action: string } }) {
  const [load] = useLoad(() => readAudit(project, filter), '')
  const [older, setOlder] = useState<Entry[]>([])
  const [more, setMore] = useState<boolean | null>(null)
  const deed = useDeed()
  return (
    <Loaded load={load} waiting="Reading the log…">
      {(first) => {
        const entries = [...first.entries, ...older]
        const last = entries[entries.length - 1]
        if (!last) return <p class="muted">Nothing fits. Clear the filter to see everything.</p>
        return (
          <>
            <Table entries={entries} />
            <Problem text={deed.error} />
            {(more ?? first.more) && (
              <button
                type="button"
                disabled={deed.busy}
                onClick={() =>
                  deed.run(async () => {
                    const page = await readAudit(project, filter, last.seq)
                    setOlder([...older, ...page.entries])
                    setMore(page.more)
                  })
                }
              >
                Older entries
              </button>
            )}
          </>
        )
      }}
    </Loaded>
  )
}

function Table({ entries }: { entries: Entry[] }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section class="scroll" tabIndex={0} aria-label="Audit log">
      <table class="plain">
        <thead>
          <tr>
            <th class="number">Number</th>
            <th>At (UTC)</th>
            <th>Who</th>
            <th>Did</th>
            <th>To what</th>
            <th>Result</th>
            <th>From</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <tr key={entry.seq}>
              <td class="number">{entry.seq}</td>
              <td class="moment">{entry.at.slice(0, 19).replace('T', ' ')}</td>
              <td class="moment">{entry.actor}</td>
              <td class="moment">{entry.action}</td>
              <td>{entry.target}</td>
              <td class={entry.result.startsWith('refused') ? 'error' : ''}>{entry.result}</td>
              <td class="moment">{entry.address || 'this server'}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
