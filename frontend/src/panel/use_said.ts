// What people said of one experiment, read once for all parts of its page.
import { useEffect, useState } from 'preact/hooks'
import type { Context } from '../api/plugin'
import { annotate, type Change, readAnnotations, type Seen, setStar, unsaid } from '../api/remarks'
import type { Outcome } from '../lib/edits'

export type Gateway = NonNullable<Context['gateway']>
export type Said = {
  seen: Seen | null
  failure: string
  // Where drafts of it are kept: nobody else's in this browser, and no other experiment's.
  place: (what: string) => string
  may: (action: string) => boolean
  save: (from: Seen, change: Change) => Promise<Outcome<Seen>>
  take: (now: Seen) => void
  star: (starred: boolean) => Promise<void>
}

// Null: there is nothing to read here, or nobody who may.
export function useSaid(gateway: Context['gateway'], id: string, changed: () => void): Said | null {
  const [seen, setSeen] = useState<Seen | null>(null)
  const [failure, setFailure] = useState('')
  const readable = gateway && !gateway.portal && gateway.may.includes('read_annotations') ? gateway : null
  const api = readable?.api ?? ''
  useEffect(() => {
    if (!api) return
    let current = true
    setSeen(null)
    setFailure('')
    readAnnotations(api).then(
      (all) => current && setSeen(all.find((each) => each.experiment === id) ?? unsaid(id)),
      (reason: Error) => current && setFailure(reason.message),
    )
    return () => {
      current = false
    }
  }, [api, id])
  if (!readable) return null
  // An answer that comes when another experiment is shown is not about that one.
  const take = (now: Seen) => setSeen((before) => (before?.experiment === now.experiment ? now : before))
  return {
    seen,
    failure,
    place: (what) => placeOf(readable, id, what),
    may: (action) => readable.may.includes(action),
    take,
    save: async (from, change) => {
      const outcome = await annotate(api, from, change)
      if (outcome.state === 'conflict') return { ...outcome, theirs: { ...from, ...outcome.theirs } }
      const now = { ...from, ...outcome.now }
      take(now)
      changed()
      return { ...outcome, now }
    },
    star: async (starred) => {
      await setStar(api, id, starred)
      setSeen((before) => (before?.experiment === id ? { ...before, starred } : before))
      changed()
    },
  }
}

export function placeOf({ api, caller }: Gateway, id: string, what: string): string {
  return JSON.stringify([api, caller.id, id, what])
}

// Of which project's API, by whom, of which experiment, and what.
export function partsOf(place: string): [string, string, string, string] {
  return JSON.parse(place)
}
