// What was just done, with the way back. It asks nothing beforehand; whoever did not mean it undoes it.
import { signal } from '@preact/signals'
import { useEffect, useState } from 'preact/hooks'
import { onKey } from '../lib/keys'

type Done = { text: string; undo: (() => Promise<unknown>) | null }

const STAYS_MS = 12_000
const last = signal<Done | null>(null)

export function offerUndo(text: string, undo: () => Promise<unknown>): void {
  last.value = { text, undo }
}

// Something that happened by itself, or that did not.
export function tell(text: string): void {
  last.value = { text, undo: null }
}

export function Toast() {
  const done = last.value
  const [held, setHeld] = useState(false)
  async function goBack() {
    if (!done?.undo) return
    last.value = { text: 'Undoing…', undo: null }
    try {
      await done.undo()
      last.value = { text: 'Undone.', undo: null }
    } catch (failure) {
      last.value = { text: `Not undone: ${(failure as Error).message}`, undo: null }
    }
  }
  useEffect(() => {
    if (!done || held) return
    const timer = setTimeout(() => {
      if (last.value === done) last.value = null
    }, STAYS_MS)
    return () => clearTimeout(timer)
  }, [done, held])
  useEffect(() => {
    if (!done?.undo) return
    return onKey((event: KeyboardEvent) => {
      const typing = event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement
      if (typing || event.key !== 'z' || !(event.ctrlKey || event.metaKey)) return
      event.preventDefault()
      goBack()
    })
  }, [done])
  return (
    // It is there before anything is said in it, so that what is said is read out.
    <div role="status" class="toast-place">
      {done && (
        <div
          class="toast"
          onMouseEnter={() => setHeld(true)}
          onMouseLeave={() => setHeld(false)}
          onFocusIn={() => setHeld(true)}
          onFocusOut={() => setHeld(false)}
        >
          <span>{done.text}</span>
          {done.undo && (
            <button type="button" class="primary" title="Ctrl+Z" onClick={goBack}>
              Undo
            </button>
          )}
          <button
            type="button"
            class="quiet"
            aria-label="Dismiss"
            onClick={() => {
              last.value = null
            }}
          >
            ✕
          </button>
        </div>
      )}
    </div>
  )
}
