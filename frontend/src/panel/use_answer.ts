// An answer of the server that is kept fresh while it is shown; a reply that comes after the question changed is dropped.
import { useEffect, useState } from 'preact/hooks'
import type { Load } from '../lib/load'
import { isHidden } from './host'

const REFRESH_MS = 15_000

// `about` names all that `read` depends on.
export function useAnswer<T>(read: () => Promise<T>, about: string, title: string): Load<T> {
  const [load, setLoad] = useState<Load<T>>({ state: 'loading' })
  useEffect(() => {
    let current = true
    let known = ''
    const refresh = () => {
      if (isHidden()) return
      read().then(
        (value) => {
          const text = JSON.stringify(value)
          if (!current || text === known) return
          known = text
          setLoad({ state: 'ready', value })
        },
        (failure: Error) => {
          if (current && known === '') setLoad({ state: 'failed', title, message: failure.message })
        },
      )
    }
    setLoad({ state: 'loading' })
    refresh()
    const timer = setInterval(refresh, REFRESH_MS)
    return () => {
      current = false
      clearInterval(timer)
    }
  }, [about])
  return load
}
