// The share dialog over this table's ticks and this page's view.
import { useEffect, useState } from 'preact/hooks'
import { createLink, type ProjectDetail, readLinks, readProject, revokeLink } from '../api/rest'
import type { Link } from '../lib/link'
import { LinkList, ShareDialog, type Wish } from '../ui/share_dialog'
import { currentView, type Key } from './host'

type Props = {
  project: string
  chosen: string[]
  shown: string[]
  notForGuests: () => Key[]
  close: () => void
}

// A link keeps no longer view.
const LONGEST = 8192

export function Share({ project, chosen, shown, notForGuests, close }: Props) {
  const [detail, setDetail] = useState<ProjectDetail | null>(null)
  const [links, setLinks] = useState<Link[]>([])
  const [error, setError] = useState('')
  const fail = (failure: Error) => setError(failure.message)
  const refresh = () => readLinks(project).then(setLinks, fail)
  useEffect(() => {
    readProject(project).then(setDetail, fail)
    readLinks(project).then(setLinks, fail)
  }, [project])
  if (!detail) return <p role="status">{error}</p>
  return (
    <ShareDialog
      chosen={chosen.length}
      shown={shown.length}
      onlyWhole={!detail.scopes.includes('experiments')}
      defaultExpiryS={detail.link_defaults.expires_in_s}
      maxExpiryS={detail.link_defaults.max_expires_in_s}
      opens="It opens with the view that you see now. Names, tags and notes that people gave are not shown."
      close={close}
      create={async (wish) => {
        const { what, ...rest } = wish
        const ids = what === 'ticked' ? chosen : shown
        const scope = what === 'project' ? { kind: 'project' as const } : { kind: 'experiments' as const, ids }
        const made = await createLink(project, { ...rest, scope, view: viewFor(what, notForGuests()) })
        await refresh()
        return made.url
      }}
      links={
        <>
          <h3>Links of this project</h3>
          {error && <p class="error">{error}</p>}
          <LinkList
            links={links}
            mayRevokeAny={detail.may.includes('revoke_any_link')}
            revoke={(id) => revokeLink(project, id).then(refresh, fail)}
          />
        </>
      }
    />
  )
}

function viewFor(what: Wish['what'], notForGuests: Key[]): string {
  // What a filter shows now the link shows also later, whatever the filter would then find.
  const view = currentView(what === 'shown' ? ['filter', ...notForGuests] : notForGuests)
  // Where all that was ticked is all that there is, nothing is lost without the ticks but their colours.
  return what === 'ticked' && view.length > LONGEST ? currentView(['ticked', ...notForGuests]) : view
}
