// The workspace, for administrators: everybody with an account, the settings in force, the audit log.

import { type Person, readPeople, readSettings, setDisabled } from '../api/rest'
import { Name } from '../ui/name'
import { Loaded, Problem, useDeed, useLoad } from '../ui/use_load'
import { AuditLog } from './audit'
import { Frame } from './frame'

export function WorkspacePage() {
  return (
    <Frame>
      <h1>Workspace</h1>
      <People />
      <section>
        <h2>What was done here</h2>
        <AuditLog project={null} />
      </section>
      <Settings />
    </Frame>
  )
}

function People() {
  const [load, refresh] = useLoad(readPeople, 'people')
  const deed = useDeed(refresh)
  const change = (person: Person) => {
    if (!person.disabled && !confirm(`Disable ${person.name}? Their sessions, tokens and links end at once.`)) return
    deed.run(() => setDisabled(person.id, !person.disabled))
  }
  return (
    <section>
      <h2>People</h2>
      <Problem text={deed.error} />
      <Loaded load={load} waiting="Reading the accounts…">
        {(people) => (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          <section class="scroll" tabIndex={0} aria-label="People">
            <table class="plain">
              <thead>
                <tr>
                  <th>Name</th>
                  <th>Is</th>
                  <th class="number">Projects</th>
                  <th>Since</th>
                  <th>Id</th>
                  <th>
                    <span class="hidden">Action</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {people.map((person) => (
                  <tr key={person.id}>
                    <td class="break">
                      <Name text={person.name} />
                      {person.email && person.email !== person.name && <span class="muted"> {person.email}</span>}
                    </td>
                    <td>{standing(person)}</td>
                    <td class="number">{person.projects}</td>
                    <td class="moment">{person.created_at.slice(0, 10)}</td>
                    <td>
                      <code>{person.id}</code>
                    </td>
                    <td>
                      {person.me ? (
                        'you'
                      ) : (
                        <button type="button" class="quiet" disabled={deed.busy} onClick={() => change(person)}>
                          {person.disabled ? 'Enable' : 'Disable'}
                        </button>
                      )}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )}
      </Loaded>
    </section>
  )
}

function standing(person: Person): string {
  const kind = person.is_admin ? 'administrator' : person.is_service ? 'service account' : 'member'
  return person.disabled ? `${kind}, disabled` : kind
}

function Settings() {
  const [load] = useLoad(readSettings, 'settings')
  return (
    <section>
      <h2>Settings in force</h2>
      <p class="muted">They are changed in the server’s file or flags, and hold from its next start.</p>
      <Loaded load={load} waiting="Reading the settings…">
        {(settings) => (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
          <section class="scroll" tabIndex={0} aria-label="Settings">
            <pre>{JSON.stringify(settings, null, 2)}</pre>
          </section>
        )}
      </Loaded>
    </section>
  )
}
