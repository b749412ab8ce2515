// Keys that mean something wherever nobody is typing.

type Listener = (event: KeyboardEvent) => void

const listeners = new Set<Listener>()
const heard: Listener = (event) => {
  for (const listener of [...listeners]) listener(event)
}
window.addEventListener('keydown', heard)

export function onKey(listener: Listener): () => void {
  listeners.add(listener)
  return () => void listeners.delete(listener)
}

// A window around this one, in which keys count too while `isMeant` says so.
export function hearKeysOf(other: Window, isMeant: () => boolean): void {
  const heardThere: Listener = (event) => {
    if (isMeant()) heard(event)
  }
  other.addEventListener('keydown', heardThere)
  window.addEventListener('pagehide', () => other.removeEventListener('keydown', heardThere))
}

// Whether a key goes into a field, so that it is no command.
export function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey) return true
  const target = event.target
  return target instanceof HTMLElement && target.matches('input:not([type=checkbox], [type=range]), textarea, select')
}
