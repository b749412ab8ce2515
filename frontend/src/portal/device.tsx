// Lets a program in that shows a code: what it is, what it wants, yes or no.
import { useState } from 'preact/hooks'
import { type Device, decideDevice, lookAtDevice } from '../api/rest'
import { Problem, useDeed } from '../ui/use_load'
import { Frame } from './frame'

const MAY: Record<string, string> = {
  read: 'read what you can read',
  write: 'make share links as you',
  admin: 'do all that you may do in projects',
}

export function DevicePage() {
  const [code, setCode] = useState('')
  const [device, setDevice] = useState<Device | null>(null)
  const [outcome, setOutcome] = useState('')
  const deed = useDeed()
  async function look(event: Event) {
    event.preventDefault()
    setOutcome('')
    await deed.run(async () => setDevice(await lookAtDevice(code)))
  }
  async function decide(allow: boolean) {
    const done = await deed.run(() => decideDevice(code, allow))
    if (!done) return
    setDevice(null)
    setCode('')
    setOutcome(allow ? 'It is in. Go back to the program.' : 'It stays out.')
  }
  return (
    <Frame>
      <h1>Let a program in</h1>
      {device ? (
        <section>
          <p class="break">
            <strong>{device.name}</strong> at {device.address || 'this server'} wants to act as you. It could{' '}
            {device.scopes.map((scope) => MAY[scope] ?? scope).join(', and ')}, for{' '}
            {Math.max(1, Math.round(device.token_life_s / 86400))} days or until you revoke it in your account.
          </p>
          <p>Only go on if you started this program just now, yourself.</p>
          <button type="button" class="primary" disabled={deed.busy} onClick={() => decide(true)}>
            Let it in
          </button>{' '}
          <button type="button" class="quiet" disabled={deed.busy} onClick={() => decide(false)}>
            No
          </button>
        </section>
      ) : (
        <form class="bar" onSubmit={look}>
          <label>
            The code that the program shows
            <input
              required
              maxLength={20}
              autocomplete="off"
              spellcheck={false}
              placeholder="XXXX-XXXX"
              value={code}
              onInput={(event) => setCode(event.currentTarget.value)}
            />
          </label>
          <button type="submit" class="primary" disabled={deed.busy}>
            Continue
          </button>
        </form>
      )}
      <Problem text={deed.error} />
      <output>{outcome}</output>
    </Frame>
  )
}
