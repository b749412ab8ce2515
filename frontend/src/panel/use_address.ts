// One key of the address as state: Back and Forward change it too.
import { useEffect, useState } from 'preact/hooks'
import { type Key, onBack, setState, state } from './host'

export function useAddress(key: Key, kind: 'step' | 'tweak'): [string, (value: string) => void] {
  const [value, setValue] = useState(state(key))
  useEffect(() => onBack(() => setValue(state(key))), [key])
  const change = (next: string) => {
    setState({ [key]: next }, kind)
    setValue(next)
  }
  return [value, change]
}
