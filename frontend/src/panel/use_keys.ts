// Keys that are commands, from wherever nobody is typing.
import { useEffect, useRef } from 'preact/hooks'
import { isTyping, onKey } from '../lib/keys'

export function useKeys(commands: Record<string, () => void>): void {
  const latest = useRef(commands)
  latest.current = commands
  useEffect(() => {
    return onKey((event: KeyboardEvent) => {
      const command = latest.current[event.key]
      if (!command || isTyping(event) || document.querySelector('dialog[open]')) return
      event.preventDefault()
      command()
    })
  }, [])
}
