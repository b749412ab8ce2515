// What somebody wrote in this tab and has not saved, wherever: it ends with the tab, which asks before that also while something else is shown.
import { useEffect } from 'preact/hooks'
import { draftPlaces } from '../lib/drafts'
import type { Gateway } from './use_said'

// Of a note that is being written: what it is about, which is no words.
export const PLACE_OF_NOTE = 'place of the note'

// Of all experiments, or of one.
export function isWriting({ api, caller }: Gateway, id = ''): boolean {
  return draftPlaces().some((place) => {
    const [at, by, experiment, what] = JSON.parse(place) as string[]
    return by === caller.id && what !== PLACE_OF_NOTE && (id === '' || (at === api && experiment === id))
  })
}

// Null: nobody writes here, or they are led to signing in, and from there back to what they wrote.
export function useWriting(gateway: Gateway | null): void {
  useEffect(() => {
    if (!gateway) return
    const ask = (event: BeforeUnloadEvent) => {
      if (isWriting(gateway)) event.preventDefault()
    }
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [gateway?.caller.id])
}
