// What can be done with what is shown, whatever it is: save it as a view, share it.
import { useState } from 'preact/hooks'
import type { Context } from '../api/plugin'
import type { Key } from './host'
import { Share } from './share'
import { keepsViews, Views } from './views'

type Props = {
  gateway: Context['gateway']
  chosen: string[]
  shown: string[]
  // What of the address would show visitors of a link something else.
  notForGuests: () => Key[]
}

export function Tools({ gateway, chosen, shown, notForGuests }: Props) {
  const [sharing, setSharing] = useState(false)
  if (!gateway) return <span class="muted">Sharing needs tb-share serve in front.</span>
  return (
    <div class="tools">
      {keepsViews(gateway) && <Views gateway={gateway} />}
      {gateway.may.includes('create_link') ? (
        <button type="button" class="primary" onClick={() => setSharing(true)}>
          Share
        </button>
      ) : (
        gateway.portal && (
          <a class="quiet" href={gateway.portal} target="_top">
            Share on the project’s page
          </a>
        )
      )}
      {sharing && (
        <Share
          project={gateway.project}
          chosen={chosen}
          shown={shown}
          notForGuests={notForGuests}
          close={() => setSharing(false)}
        />
      )}
    </div>
  )
}
