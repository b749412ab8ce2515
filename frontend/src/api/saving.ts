// Saves a change over what was seen. What others did meanwhile stays: if they changed something else both hold, if the same, they are shown.
import { type Outcome, untouched } from '../lib/edits'
import { AskFailed } from './http'

const MOST_TRIES = 4

export async function saveOver<T extends object>(
  seen: T,
  change: Partial<T>,
  send: (seen: T) => Promise<T>,
): Promise<Outcome<T>> {
  let newest = seen
  for (let tries = 1; ; tries += 1) {
    try {
      return { state: 'saved', now: await send(newest) }
    } catch (failure) {
      if (!(failure instanceof AskFailed) || failure.status !== 409 || !failure.current) throw failure
      const current = failure.current as T
      if (tries === MOST_TRIES || !untouched(change, seen, current)) return { state: 'conflict', theirs: current }
      newest = current
    }
  }
}
