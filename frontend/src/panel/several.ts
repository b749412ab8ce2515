// Changes what is said of several experiments at once. What somebody else does meanwhile stays; every change can be undone.
import { annotate, type Change, type Seen } from '../api/remarks'

export type Changed = { before: Seen; now: Seen }

const AT_ONCE = 4
const MOST_TRIES = 4

// `changeOf` says what is to become of each, null to leave it; it is asked again if somebody else was faster.
export async function annotateAll(
  api: string,
  all: Seen[],
  changeOf: (seen: Seen) => Change | null,
): Promise<{ changed: Changed[]; failure: Error | null }> {
  const waiting = [...all]
  const changed: Changed[] = []
  let failure: Error | null = null
  async function work() {
    for (let seen = waiting.shift(); seen && !failure; seen = waiting.shift()) {
      try {
        const made = await annotateOne(api, seen, changeOf)
        if (made) changed.push(made)
      } catch (reason) {
        failure = reason as Error
      }
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return { changed, failure }
}

async function annotateOne(api: string, first: Seen, changeOf: (seen: Seen) => Change | null): Promise<Changed | null> {
  let seen = first
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const change = changeOf(seen)
    if (!change) return null
    const outcome = await annotate(api, seen, change)
    if (outcome.state === 'saved') return { before: seen, now: { ...seen, ...outcome.now } }
    seen = { ...seen, ...outcome.theirs }
  }
  throw new Error('Others change the same experiments right now. Try again in a moment.')
}

// Back to what it was, where nobody has changed the same since.
export async function undoAll(api: string, changed: Changed[], fields: (keyof Change)[]): Promise<void> {
  let kept = 0
  for (const { before, now } of changed) {
    const back: Change = Object.fromEntries(fields.map((field) => [field, before[field]]))
    const outcome = await annotate(api, now, back)
    if (outcome.state === 'conflict') kept += 1
  }
  if (kept > 0) throw new Error(`${kept} of ${changed.length} were changed by somebody since, and stay as they are.`)
}
