// One project: open it, its links, its members, who else may read it.

import { useState } from 'preact/hooks'
import { createLink, type ProjectDetail, readLinks, readProject, revokeAllLinks, revokeLink } from '../api/rest'
import { VISIBILITIES } from '../lib/visibility'
import { LinkList, ShareDialog } from '../ui/share_dialog'
import { Loaded, Problem, useDeed, useLoad } from '../ui/use_load'
import { Frame } from './frame'
import { OpennessForm } from './openness'
import { People } from './people'

export function ProjectPage({ project }: { project: string }) {
  const [load, refresh] = useLoad(() => readProject(project), project)
  return (
    <Frame>
      <Loaded load={load} waiting="Reading the project…">
        {(detail) => <Project detail={detail} refresh={refresh} />}
      </Loaded>
    </Frame>
  )
}

function Project({ detail, refresh }: { detail: ProjectDetail; refresh: () => Promise<void> }) {
  const may = (action: string) => detail.may.includes(action)
  return (
    <>
      <h1 class="break">{detail.title}</h1>
      <p class="muted">
        {VISIBILITIES[detail.visibility].long} {detail.role ? `You are ${detail.role}.` : 'You have no role in it.'}
      </p>
      <p>
        <a href={detail.open} class="primary">
          Open TensorBoard
        </a>
      </p>
      {may('read_links') && <Links detail={detail} />}
      {may('read_members') && <People detail={detail} />}
      {may('manage_project') && <OpennessForm detail={detail} refresh={refresh} />}
      {may('read_audit') && (
        <section>
          <h2>What was done here</h2>
          <p>
            <a href={`/projects/${detail.id}/audit`}>The audit log of this project</a>
          </p>
        </section>
      )}
    </>
  )
}

function Links({ detail }: { detail: ProjectDetail }) {
  const [load, refresh] = useLoad(() => readLinks(detail.id), detail.id)
  const [sharing, setSharing] = useState(false)
  const deed = useDeed(refresh)
  return (
    <section>
      <div class="section-head">
        <h2>Share links</h2>
        {detail.may.includes('create_link') && (
          <button type="button" onClick={() => setSharing(true)}>
            Share
          </button>
        )}
      </div>
      <Problem text={deed.error} />
      <Loaded load={load} waiting="Reading the links…">
        {(links) => (
          <>
            <LinkList
              links={links}
              mayRevokeAny={detail.may.includes('revoke_any_link')}
              revoke={(id) => deed.run(() => revokeLink(detail.id, id))}
            />
            {detail.may.includes('revoke_any_link') && links.some((link) => link.state === 'active') && (
              <p>
                <button
                  type="button"
                  class="quiet"
                  disabled={deed.busy}
                  onClick={() =>
                    confirm('Revoke every link of this project? Whoever is in by one is out at once.') &&
                    deed.run(() => revokeAllLinks(detail.id))
                  }
                >
                  Revoke all
                </button>
              </p>
            )}
          </>
        )}
      </Loaded>
      {sharing && (
        <ShareDialog
          chosen={0}
          shown={0}
          onlyWhole={!detail.scopes.includes('experiments')}
          defaultExpiryS={detail.link_defaults.expires_in_s}
          maxExpiryS={detail.link_defaults.max_expires_in_s}
          opens="It opens TensorBoard."
          close={() => setSharing(false)}
          create={async (wish) => {
            const { what: _what, ...rest } = wish
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
