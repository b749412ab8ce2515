// Something of the server's that is read when it is first shown; a reply that comes after the question changed is dropped.
import { useEffect, useState } from 'preact/hooks'
import type { Load } from '../lib/load'

// `about` names all that `read` depends on.
export function useOnce<T>(read: () => Promise<T>, about: string, title: string): Load<T> {
  const [load, setLoad] = useState<Load<T>>({ state: 'loading' })
  useEffect(() => {
    let current = true
    setLoad({ state: 'loading' })
    read().then(
      (value) => current && setLoad({ state: 'ready', value }),
      (failure: Error) => current && setLoad({ state: 'failed', title, message: failure.message }),
    )
    return () => {
      current = false
    }
  }, [about])
  return load
}
