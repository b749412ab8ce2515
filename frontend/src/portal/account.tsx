// One's own account: where one is signed in, and tokens for programs.
import { useState } from 'preact/hooks'
import {
  createToken,
  endOtherSessions,
  endSession,
  readSessions,
  readTokens,
  revokeToken,
  type Session,
  type Token,
} from '../api/rest'
import { Secret } from '../ui/secret'
import { Loaded, Problem, useDeed, useLoad } from '../ui/use_load'
import { Frame } from './frame'

export function AccountPage() {
  return (
    <Frame>
      <h1>Your account</h1>
      <Sessions />
      <Tokens />
    </Frame>
  )
}

function Sessions() {
  const [load, refresh] = useLoad(readSessions, 'sessions')
  const deed = useDeed(refresh)
  return (
    <section>
      <h2>Where you are signed in</h2>
      <Problem text={deed.error} />
      <Loaded load={load} waiting="Reading your sessions…">
        {(sessions) => (
          <>
            <SessionTable sessions={sessions} busy={deed.busy} end={(id) => deed.run(() => endSession(id))} />
            {sessions.length > 1 && (
              <p>
                <button type="button" class="quiet" disabled={deed.busy} onClick={() => deed.run(endOtherSessions)}>
                  Sign out everywhere else
                </button>
              </p>
            )}
          </>
        )}
      </Loaded>
    </section>
  )
}

function SessionTable({ sessions, busy, end }: { sessions: Session[]; busy: boolean; end: (id: string) => void }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section class="scroll" tabIndex={0} aria-label="Sessions">
      <table class="plain">
        <thead>
          <tr>
            <th>Browser</th>
            <th>From</th>
            <th>Since (UTC)</th>
            <th>Last used</th>
            <th>
              <span class="hidden">Action</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {sessions.map((session) => (
            <tr key={session.id}>
              <td class="break">{session.client || 'unknown'}</td>
              <td class="moment">{session.address || 'unknown'}</td>
              <td class="moment">{moment(session.created_at)}</td>
              <td class="moment">{moment(session.last_seen_at)}</td>
              <td>
                {session.this ? (
                  'this one'
                ) : (
                  <button type="button" class="quiet" disabled={busy} onClick={() => end(session.id)}>
                    Sign out
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

function Tokens() {
  const [load, refresh] = useLoad(readTokens, 'tokens')
  const deed = useDeed(refresh)
  return (
    <section>
      <h2>API tokens</h2>
      <p class="muted">For programs. A token may at most what it was made for, and never more than you may.</p>
      <NewToken made={refresh} />
      <Problem text={deed.error} />
      <Loaded load={load} waiting="Reading your tokens…">
        {(tokens) =>
          tokens.length === 0 ? (
            <p class="muted">No tokens yet.</p>
          ) : (
            <TokenTable tokens={tokens} busy={deed.busy} revoke={(id) => deed.run(() => revokeToken(id))} />
          )
        }
      </Loaded>
    </section>
  )
}

function NewToken({ made }: { made: () => Promise<void> }) {
  const [name, setName] = useState('')
  const [scope, setScope] = useState('read')
  const [days, setDays] = useState('90')
  const [secret, setSecret] = useState('')
  const deed = useDeed(made)
  async function submit(event: Event) {
    event.preventDefault()
    const done = await deed.run(async () => {
      setSecret((await createToken(name, [scope], Number(days) * 86400)).secret)
    })
    if (done) setName('')
  }
  return (
    <>
      <form class="bar" onSubmit={submit} aria-label="New token">
        <label>
          What it is for
          <input required maxLength={100} value={name} onInput={(event) => setName(event.currentTarget.value)} />
        </label>
        <label>
          It may
          <select value={scope} onChange={(event) => setScope(event.currentTarget.value)}>
            <option value="read">read</option>
            <option value="write">read and share</option>
            <option value="admin">all that you may in projects</option>
          </select>
        </label>
        <label>
          Days
          <input
            type="number"
            min="1"
            required
            class="short"
            value={days}
            onInput={(event) => setDays(event.currentTarget.value)}
          />
        </label>
        <button type="submit" class="primary" disabled={deed.busy}>
          Make a token
        </button>
      </form>
      <Problem text={deed.error} />
      {secret && <Secret label="The token, shown only now" value={secret} />}
    </>
  )
}

function TokenTable({ tokens, busy, revoke }: { tokens: Token[]; busy: boolean; revoke: (id: string) => void }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section class="scroll" tabIndex={0} aria-label="Tokens">
      <table class="plain">
        <thead>
          <tr>
            <th>For</th>
            <th>May</th>
            <th>Projects</th>
            <th>Until</th>
            <th>Last used</th>
            <th>
              <span class="hidden">Action</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {tokens.map((token) => (
            <tr key={token.id}>
              <td class="break">{token.name}</td>
              <td>{token.scopes.join(', ')}</td>
              <td class="break">{token.projects ? token.projects.join(', ') : 'all of yours'}</td>
              <td class="moment">{moment(token.expires_at)}</td>
              <td class="moment">{token.last_used_at ? moment(token.last_used_at) : 'never'}</td>
              <td>
                {token.good ? (
                  <button type="button" class="quiet" disabled={busy} onClick={() => revoke(token.id)}>
                    Revoke
                  </button>
                ) : (
                  'ended'
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function moment(time: string): string {
  return time.slice(0, 16).replace('T', ' ')
}
