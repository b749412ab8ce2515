// Opens the view that the project opens with, once, and only where the address does not say what to show.
import { useEffect } from 'preact/hooks'
import type { Context } from '../api/plugin'
import { readViews } from '../api/views'
import { openingOf } from '../model/views'
import { showState, wholeState } from './host'
import { keepsViews } from './views'

export function useOpening(gateway: Context['gateway']): void {
  const api = gateway && keepsViews(gateway) ? gateway.api : ''
  useEffect(() => {
    if (!api || Object.keys(wholeState()).length > 0) return
    readViews(api).then(
      (views) => {
        const opening = openingOf(views, wholeState())
        if (opening) showState(opening.state, 'tweak')
      },
      // Without it the table is shown as it comes.
      () => undefined,
    )
  }, [api])
}
