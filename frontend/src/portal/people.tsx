// Who is in a project and who is invited; owners change both.

import { useState } from 'preact/hooks'
import {
  changeRole,
  invite,
  leave,
  type Member,
  type Members,
  type OtherMember,
  type ProjectDetail,
  readMembers,
  removeMember,
  withdrawInvitation,
} from '../api/rest'
import { Name } from '../ui/name'
import { Secret } from '../ui/secret'
import { Loaded, Problem, useDeed, useLoad } from '../ui/use_load'

const ROLES: [string, string][] = [
  ['viewer', 'viewer: reads'],
  ['contributor', 'contributor: reads and shares'],
  ['owner', 'owner: also manages people and links'],
]

export function People({ detail }: { detail: ProjectDetail }) {
  const [load, refresh] = useLoad(() => readMembers(detail.id), detail.id)
  const deed = useDeed(refresh)
  const manages = detail.may.includes('manage_members')
  return (
    <section>
      <h2>Members</h2>
      <Problem text={deed.error} />
      <Loaded load={load} waiting="Reading the members…">
        {(people) => (
          <>
            {people.members.length === 0 && <p class="muted">Nobody was invited yet.</p>}
            {people.members.length > 0 && (
              <MemberTable detail={detail} people={people} manages={manages} busy={deed.busy} act={deed.run} />
            )}
            <Others others={people.others} />
            {manages && <InviteBar project={detail.id} invited={refresh} />}
            <Pending people={people} project={detail.id} manages={manages} busy={deed.busy} act={deed.run} />
          </>
        )}
      </Loaded>
    </section>
  )
}

type TableProps = {
  detail: ProjectDetail
  people: Members
  manages: boolean
  busy: boolean
  act: (what: () => Promise<unknown>) => Promise<boolean>
}

function MemberTable({ detail, people, manages, busy, act }: TableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section class="scroll" tabIndex={0} aria-label="Members">
      <table class="plain">
        <thead>
          <tr>
            <th>Name</th>
            <th>Role</th>
            <th>Since</th>
            <th>
              <span class="hidden">Action</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {people.members.map((member) => (
            <tr key={member.id}>
              <td class="break">
                <Name text={member.name} />
                {member.email && member.email !== member.name && <span class="muted"> {member.email}</span>}
              </td>
              <td>
                {manages ? (
                  <select
                    aria-label={`Role of ${member.name}`}
                    value={member.role}
                    disabled={busy}
                    onChange={(event) => act(() => changeRole(detail.id, member.id, event.currentTarget.value))}
                  >
                    {ROLES.map(([role]) => (
                      <option key={role} value={role}>
                        {role}
                      </option>
                    ))}
                  </select>
                ) : (
                  member.role
                )}
              </td>
              <td>{member.added_at.slice(0, 10)}</td>
              <td>{(manages || member.me) && <Out project={detail.id} member={member} busy={busy} act={act} />}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

const WAYS = { groups: 'by a group of the sign-in provider', administrator: 'administrator of the workspace' }

function Others({ others }: { others: OtherMember[] }) {
  if (others.length === 0) return null
  return (
    <>
      <h3>Who else has access</h3>
      <ul>
        {others.map((each) => (
          <li key={`${each.id} ${each.by}`} class="break">
            <Name text={each.name} />
            {each.email && each.email !== each.name && <span class="muted"> {each.email}</span>}: {each.role},{' '}
            {WAYS[each.by]}
          </li>
        ))}
      </ul>
    </>
  )
}

type OutProps = {
  project: string
  member: Member
  busy: boolean
  act: (what: () => Promise<unknown>) => Promise<boolean>
}

function Out({ project, member, busy, act }: OutProps) {
  async function out() {
    const question = member.me
      ? 'Leave this project? Only an owner can let you in again.'
      : `Remove ${member.name}? Their links and invitations end at once.`
    if (!confirm(question)) return
    const done = await act(() => (member.me ? leave(project) : removeMember(project, member.id)))
    if (done && member.me) location.assign('/')
  }
  return (
    <button type="button" class="quiet" disabled={busy} onClick={out}>
      {member.me ? 'Leave' : 'Remove'}
    </button>
  )
}

const SENT: Record<string, string> = {
  null: 'Send this address to whom you invited. It works once and is shown only now',
  true: 'This address was mailed to whom you invited. It works once and is shown only now',
  false:
    'The mail server did not take it, so send this address to whom you invited yourself. It works once and is shown only now',
}

function InviteBar({ project, invited }: { project: string; invited: () => Promise<void> }) {
  const [email, setEmail] = useState('')
  const [role, setRole] = useState('viewer')
  const [made, setMade] = useState<{ url: string; mailed: boolean | null } | null>(null)
  const deed = useDeed(invited)
  async function submit(event: Event) {
    event.preventDefault()
    const done = await deed.run(async () => {
      setMade(await invite(project, email, role))
    })
    if (done) setEmail('')
  }
  return (
    <>
      <form class="bar" onSubmit={submit} aria-label="Invite somebody">
        <label>
          E-mail address
          <input
            type="email"
            required
            maxLength={320}
            value={email}
            onInput={(event) => setEmail(event.currentTarget.value)}
          />
        </label>
        <label>
          Role
          <select value={role} onChange={(event) => setRole(event.currentTarget.value)}>
            {ROLES.map(([name, text]) => (
              <option key={name} value={name}>
                {text}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="primary" disabled={deed.busy}>
          Invite
        </button>
      </form>
      <Problem text={deed.error} />
      {made && <Secret label={SENT[String(made.mailed)] ?? ''} value={made.url} />}
    </>
  )
}

type PendingProps = {
  people: Members
  project: string
  manages: boolean
  busy: boolean
  act: (what: () => Promise<unknown>) => Promise<boolean>
}

function Pending({ people, project, manages, busy, act }: PendingProps) {
  if (people.invitations.length === 0) return null
  return (
    <>
      <h3>Invited</h3>
      <ul class="rows">
        {people.invitations.map((invitation) => (
          <li key={invitation.id}>
            <span class="break">
              {invitation.email} as {invitation.role}, until {invitation.expires_at.slice(0, 10)}
            </span>
            {manages && (
              <button
                type="button"
                class="quiet"
                disabled={busy}
                onClick={() => act(() => withdrawInvitation(project, invitation.id))}
              >
                Withdraw
              </button>
            )}
          </li>
        ))}
      </ul>
    </>
  )
}
