// What of an experiment a note is about: how it is said, shown, and chosen for a note that is being written.
import { useEffect, useState } from 'preact/hooks'
import type { Place } from '../api/remarks'
import { read, written } from '../lib/chart_options'
import { draftAt, keepDraft } from '../lib/drafts'
import { formatNumber } from '../lib/format'
import { shown } from '../model/range'
import { showState, state, wholeState } from './host'

export function placeText(place: Place): string {
  if ('file' in place) return `a cell of ${place.file}`
  const [first, last] = place.steps
  return first === last ? `step ${formatNumber(first)}` : `steps ${formatNumber(first)} to ${formatNumber(last)}`
}

// Goes there; Back leads to where somebody came from.
export function showPlace(place: Place): void {
  const there: Record<string, string> =
    'file' in place
      ? { page: 'notebooks', file: place.file, cell: place.cell }
      : {
          page: 'charts',
          zoom: shown(place.steps).join(','),
          chart: written({ ...read(state('chart')), axis: 'step' }),
        }
  showState({ ...wholeState(), ...there }, 'step')
}

// Of the note that is being written; it outlasts Back and reload, as its text does. `asked` counts how often somebody began one.
export type NotePlace = { place: Place | null; asked: number; set: (place: Place | null) => void }

// Of the note that is being written; it outlasts Back and reload, as its text does. `asked` counts how often somebody began one.
export function useNotePlace(kept: string): NotePlace {
  const [place, setPlace] = useState(() => placeAt(kept))
  const [asked, setAsked] = useState(0)
  useEffect(() => {
    setPlace(placeAt(kept))
    setAsked(0)
  }, [kept])
  const set = (next: Place | null) => {
    keepDraft(kept, { text: next ? JSON.stringify(next) : '', from: '' })
    setPlace(next)
    if (next) setAsked(asked + 1)
  }
  return { place, asked, set }
}

function placeAt(kept: string): Place | null {
  const text = kept && draftAt(kept)?.text
  return text ? (JSON.parse(text) as Place) : null
}
