// One key of the address as state: Back and Forward change it too, and whoever else shows it.
import { useEffect, useState } from 'preact/hooks'
import { type Key, onBack, setState, state } from './host'

const changes = new EventTarget()

export function useAddress(key: Key, kind: 'step' | 'tweak'): [string, (value: string) => void] {
  const [value, setValue] = useState(state(key))
  useEffect(() => {
    const read = () => setValue(state(key))
    changes.addEventListener(key, read)
    const stop = onBack(read)
    return () => {
      changes.removeEventListener(key, read)
      stop()
    }
  }, [key])
  const change = (next: string) => {
    setState({ [key]: next }, kind)
    changes.dispatchEvent(new Event(key))
  }
  return [value, change]
}
