// Makes a share link and lists those there are. What it may do is handed in; it knows no address.
import { useEffect, useRef, useState } from 'preact/hooks'
import { count } from '../lib/format'
import type { Link } from '../lib/link'
import { QrCode } from './qr_code'
import { Secret } from './secret'

export type Wish = {
  what: 'project' | 'ticked' | 'shown'
  label: string
  expires_in_s: number
  max_uses: number | null
  passcode: string | null
  emails: string[]
  download: boolean
}

type Props = {
  chosen: number
  shown: number
  onlyWhole: boolean
  defaultExpiryS: number
  maxExpiryS: number
  // What whoever opens the link sees first.
  opens: string
  create: (wish: Wish) => Promise<string>
  close: () => void
  links: preact.ComponentChildren
}

const DAY_S = 24 * 3600
const EXPIRIES: [number, string][] = [
  [3600, '1 hour'],
  [DAY_S, '1 day'],
  [7 * DAY_S, '7 days'],
  [30 * DAY_S, '30 days'],
  [90 * DAY_S, '90 days'],
  [365 * DAY_S, '1 year'],
]

export function ShareDialog(props: Props) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [what, setWhat] = useState<Wish['what']>(props.onlyWhole || props.chosen === 0 ? 'project' : 'ticked')
  const [label, setLabel] = useState('')
  const [expiry, setExpiry] = useState(props.defaultExpiryS)
  const [uses, setUses] = useState('')
  const [passcode, setPasscode] = useState('')
  const [emails, setEmails] = useState('')
  const [download, setDownload] = useState(false)
  const [url, setUrl] = useState('')
  const [error, setError] = useState('')
  const [busy, setBusy] = useState(false)
  useEffect(() => dialog.current?.showModal(), [])

  const choices = EXPIRIES.filter(([seconds]) => seconds <= props.maxExpiryS)
  if (!choices.some(([seconds]) => seconds === props.defaultExpiryS)) {
    choices.unshift([props.defaultExpiryS, `${Math.round(props.defaultExpiryS / 3600)} hours`])
  }

  async function submit(event: Event) {
    event.preventDefault()
    setBusy(true)
    setError('')
    try {
      const wish = {
        what,
        label,
        expires_in_s: expiry,
        max_uses: uses === '' ? null : Number(uses),
        passcode: passcode === '' ? null : passcode,
        emails: emails.split(/[\s,;]+/).filter((each) => each !== ''),
        download,
      }
      setUrl(await props.create(wish))
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure))
    }
    setBusy(false)
  }

  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="share-title" onClose={props.close}>
      <div class="dialog-head">
        <h2 id="share-title">Share</h2>
        <button type="button" class="quiet" aria-label="Close" onClick={() => dialog.current?.close()}>
          ✕
        </button>
      </div>
      {url ? (
        <Made url={url} another={() => setUrl('')} />
      ) : (
        <form onSubmit={submit}>
          <fieldset>
            <legend>Whoever has the link sees</legend>
            <label>
              <input
                type="radio"
                name="scope"
                checked={what === 'ticked'}
                disabled={props.onlyWhole || props.chosen === 0}
                onChange={() => setWhat('ticked')}
              />
              {props.chosen > 0
                ? ` the ${count(props.chosen, 'chosen experiment')}, and nothing else`
                : ' chosen experiments'}
            </label>
            {props.chosen === 0 && !props.onlyWhole && (
              <p class="muted">Tick experiments in the table to share only those.</p>
            )}
            {props.shown > 0 && !props.onlyWhole && (
              <label>
                <input type="radio" name="scope" checked={what === 'shown'} onChange={() => setWhat('shown')} /> the{' '}
                {count(props.shown, 'experiment')} that the filter shows now, also later
              </label>
            )}
            {props.onlyWhole && (
              <p class="muted">This project’s TensorBoard is run by somebody else, so only all of it can be shared.</p>
            )}
            <label>
              <input type="radio" name="scope" checked={what === 'project'} onChange={() => setWhat('project')} /> the
              whole project
            </label>
          </fieldset>
          <div class="fields">
            <label>
              Expires after
              <select value={String(expiry)} onChange={(event) => setExpiry(Number(event.currentTarget.value))}>
                {choices.map(([seconds, text]) => (
                  <option key={seconds} value={String(seconds)}>
                    {text}
                  </option>
                ))}
              </select>
            </label>
            <label>
              Opens at most
              <input
                type="number"
                min="1"
                max="1000000"
                placeholder="any number of times"
                value={uses}
                onInput={(event) => setUses(event.currentTarget.value)}
              />
            </label>
            <label>
              Only for people signed in with these e-mail addresses
              <input
                type="text"
                placeholder="whoever has the link"
                value={emails}
                onInput={(event) => setEmails(event.currentTarget.value)}
              />
            </label>
            <label>
              Passcode
              <input
                type="text"
                autocomplete="off"
                minLength={4}
                maxLength={200}
                placeholder="none"
                value={passcode}
                onInput={(event) => setPasscode(event.currentTarget.value)}
              />
            </label>
            <label class="check">
              <input
                type="checkbox"
                checked={download}
                onChange={(event) => setDownload(event.currentTarget.checked)}
              />{' '}
              Data can be downloaded as files
            </label>
            <label>
              For whom (contributors and owners see this)
              <input
                type="text"
                maxLength={200}
                value={label}
                onInput={(event) => setLabel(event.currentTarget.value)}
              />
            </label>
          </div>
          {error && (
            <p class="error" role="alert">
              {error}
            </p>
          )}
          <button type="submit" class="primary" disabled={busy}>
            {busy ? 'Making the link…' : 'Make the link'}
          </button>
          <p class="muted">{props.opens} Read-only, without an account. You can revoke it at any time.</p>
        </form>
      )}
      {props.links}
    </dialog>
  )
}

function Made({ url, another }: { url: string; another: () => void }) {
  const [drawn, setDrawn] = useState(false)
  return (
    <>
      <Secret label="The link, shown only now" value={url} />
      <button type="button" class="quiet" onClick={another}>
        Make another
      </button>{' '}
      <button type="button" class="quiet" aria-pressed={drawn} onClick={() => setDrawn(!drawn)}>
        QR code
      </button>
      {drawn && <QrCode text={url} />}
    </>
  )
}

type ListProps = { links: Link[]; mayRevokeAny: boolean; revoke: (id: string) => void }

const STATES = { active: 'active', expired: 'expired', used_up: 'used up', revoked: 'revoked' }

export function LinkList({ links, mayRevokeAny, revoke }: ListProps) {
  if (links.length === 0)
    return <p class="muted">No links yet. A link shows what you choose to whoever has it, until it expires.</p>
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section class="scroll" tabIndex={0} aria-label="Share links">
      <table class="plain">
        <thead>
          <tr>
            <th>For</th>
            <th>Shows</th>
            <th>By</th>
            <th>State</th>
            <th class="number">Opened</th>
            <th>Last</th>
            <th>Until</th>
            <th>
              <span class="hidden">Action</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {links.map((link) => (
            <tr key={link.id}>
              <td>{link.label || '–'}</td>
              <td>
                {link.scope.kind === 'project' ? 'whole project' : count(link.scope.ids.length, 'experiment')}
                {link.has_passcode && ', with a passcode'}
                {link.emails.length > 0 && `, for ${count(link.emails.length, 'address', 'addresses')}`}
                {link.download && ', with downloads'}
              </td>
              <td>{link.created_by}</td>
              <td>{STATES[link.state]}</td>
              <td class="number">
                {link.uses}
                {link.max_uses !== null && ` of ${link.max_uses}`}
              </td>
              <td class="moment" title={link.first_used_at ? `first ${short(link.first_used_at)}` : ''}>
                {link.last_used_at ? short(link.last_used_at) : 'never'}
              </td>
              <td class="moment">{short(link.expires_at)}</td>
              <td>
                {(link.state === 'active' || link.state === 'used_up') && (
                  <button
                    type="button"
                    class="quiet"
                    disabled={!(link.mine || mayRevokeAny)}
                    title={
                      link.mine || mayRevokeAny ? '' : 'Somebody else made this link; a project owner can revoke it.'
                    }
                    onClick={() => revoke(link.id)}
                  >
                    Revoke
                  </button>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function short(time: string): string {
  return time.slice(0, 16).replace('T', ' ')
}
