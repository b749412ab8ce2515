// What somebody wrote in this tab and has not saved, wherever: it ends with the tab, which asks before that also while something else is shown.
import { draftPlaces } from '../lib/drafts'
import { type Gateway, partsOf } from './use_said'

// Of a note that is being written: what it is about, which is no words.
export const PLACE_OF_NOTE = 'place of the note'

// Of all experiments, or of one.
export function isWriting({ api, caller }: Gateway, id = ''): boolean {
  return draftPlaces().some((place) => {
    const [at, by, experiment, what] = partsOf(place)
    return by === caller.id && what !== PLACE_OF_NOTE && (id === '' || (at === api && experiment === id))
  })
}
