// Whether a key goes into a field, so that it is no command.

export function isTyping(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.altKey || event.metaKey) return true
  const target = event.target
  return target instanceof HTMLElement && target.matches('input:not([type=checkbox], [type=range]), textarea, select')
}
