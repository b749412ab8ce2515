// Reads something when a screen opens, and says so while it waits and when it fails.
import type { ComponentChildren } from 'preact'
import { useCallback, useEffect, useState } from 'preact/hooks'
import type { Load } from '../lib/load'

export function useLoad<T>(read: () => Promise<T>, about: string): [Load<T>, () => Promise<void>] {
  const [load, setLoad] = useState<Load<T>>({ state: 'loading' })
  // `about` names all that `read` depends on.
  const refresh = useCallback(
    () =>
      read().then(
        (value) => setLoad({ state: 'ready', value }),
        (failure: Error) => setLoad({ state: 'failed', title: '', message: failure.message }),
      ),
    [about],
  )
  useEffect(() => void refresh(), [refresh])
  return [load, refresh]
}

type LoadedProps<T> = { load: Load<T>; waiting: string; children: (value: T) => ComponentChildren }

export function Loaded<T>({ load, waiting, children }: LoadedProps<T>) {
  if (load.state === 'loading') return <p role="status">{waiting}</p>
  if (load.state === 'failed')
    return (
      <p class="error" role="alert">
        {load.message}{' '}
        <button type="button" onClick={() => location.reload()}>
          Try again
        </button>
      </p>
    )
  return <>{children(load.value)}</>
}

// Does something and what comes after it, and shows why it failed; says whether it is under way.
export function useDeed(after: () => Promise<unknown> = async () => undefined): {
  busy: boolean
  error: string
  run: (deed: () => Promise<unknown>) => Promise<boolean>
} {
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState('')
  const run = async (deed: () => Promise<unknown>) => {
    setBusy(true)
    setError('')
    try {
      await deed()
      await after()
      return true
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure))
      return false
    } finally {
      setBusy(false)
    }
  }
  return { busy, error, run }
}

export function Problem({ text }: { text: string }) {
  return text ? (
    <p class="error" role="alert">
      {text}
    </p>
  ) : null
}
