// One project: open it, its links, its members.
import { useEffect, useState } from 'preact/hooks'
import {
  createLink,
  type Members,
  type ProjectDetail,
  readLinks,
  readMembers,
  readProject,
  revokeLink,
} from '../api/rest'
import type { Link } from '../lib/link'
import type { Load } from '../lib/load'
import { LinkList, ShareDialog } from '../ui/share_dialog'
import { Failed, Frame } from './frame'

export function ProjectPage({ project }: { project: string }) {
  const [load, setLoad] = useState<Load<ProjectDetail>>({ state: 'loading' })
  useEffect(() => {
    readProject(project).then(
      (value) => setLoad({ state: 'ready', value }),
      (failure: Error) => setLoad({ state: 'failed', title: '', message: failure.message }),
    )
  }, [project])
  return (
    <Frame>
      {load.state === 'loading' && <p role="status">Reading the project…</p>}
      {load.state === 'failed' && <Failed message={load.message} />}
      {load.state === 'ready' && <Project detail={load.value} />}
    </Frame>
  )
}

function Project({ detail }: { detail: ProjectDetail }) {
  return (
    <>
      <h1 class="break">{detail.title}</h1>
      <p class="muted">Private: only members and people with a link see it. You are {detail.role}.</p>
      <p>
        <a href={detail.open} class="primary">
          Open TensorBoard
        </a>
      </p>
      {detail.may.includes('read_links') && <Links detail={detail} />}
      <People project={detail.id} />
    </>
  )
}

function Links({ detail }: { detail: ProjectDetail }) {
  const [links, setLinks] = useState<Link[]>([])
  const [error, setError] = useState('')
  const [sharing, setSharing] = useState(false)
  const fail = (failure: Error) => setError(failure.message)
  const refresh = () => readLinks(detail.id).then(setLinks, fail)
  useEffect(() => {
    readLinks(detail.id).then(setLinks, fail)
  }, [detail.id])
  return (
    <section>
      <div class="section-head">
        <h2>Share links</h2>
        <button type="button" onClick={() => setSharing(true)}>
          Share
        </button>
      </div>
      {error && <Failed message={error} />}
      <LinkList
        links={links}
        mayRevokeAny={detail.may.includes('revoke_any_link')}
        revoke={(id) => revokeLink(detail.id, id).then(refresh, fail)}
      />
      {sharing && (
        <ShareDialog
          chosen={0}
          onlyWhole={!detail.scopes.includes('experiments')}
          defaultExpiryS={detail.link_defaults.expires_in_s}
          maxExpiryS={detail.link_defaults.max_expires_in_s}
          close={() => setSharing(false)}
          create={async (wish) => {
            const { whole: _whole, ...rest } = wish
            const made = await createLink(detail.id, { ...rest, scope: { kind: 'project' }, view: '' })
            await refresh()
            return made.url
          }}
          links={null}
        />
      )}
    </section>
  )
}

function People({ project }: { project: string }) {
  const [people, setPeople] = useState<Members | null>(null)
  const [error, setError] = useState('')
  useEffect(() => {
    readMembers(project).then(setPeople, (failure: Error) => setError(failure.message))
  }, [project])
  return (
    <section>
      <h2>Members</h2>
      {error && <Failed message={error} />}
      {people && people.members.length === 0 && <p class="muted">Nobody but the administrators.</p>}
      {people && people.members.length > 0 && (
        <table class="plain">
          <thead>
            <tr>
              <th>Name</th>
              <th>Role</th>
              <th>Since</th>
            </tr>
          </thead>
          <tbody>
            {people.members.map((member) => (
              <tr key={member.id}>
                <td class="break">{member.name}</td>
                <td>{member.role}</td>
                <td>{member.added_at.slice(0, 10)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {people?.invitations.map((invitation) => (
        <p key={invitation.email} class="muted">
          {invitation.email} is invited as {invitation.role} until {invitation.expires_at.slice(0, 10)}.
        </p>
      ))}
      <p class="muted">
        Whoever runs the server invites people with <code>tb-share member add EMAIL --project {project}</code>.
      </p>
    </section>
  )
}
