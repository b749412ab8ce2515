// Saved views as a list: whose they are, which one is shown now, which one a project opens with.
import type { SavedView } from '../lib/saved_view'

export function parted(views: SavedView[]): { project: SavedView[]; own: SavedView[] } {
  return { project: views.filter((each) => each.shared), own: views.filter((each) => !each.shared) }
}

export function isShown(view: SavedView, state: Record<string, string>): boolean {
  return written(view.state) === written(state)
}

// The one to open with: none if the address already says what to show.
export function openingOf(views: SavedView[], state: Record<string, string>): SavedView | undefined {
  return Object.keys(state).length > 0 ? undefined : views.find((each) => each.is_default)
}

// The same whatever the order in which an address names its keys.
function written(state: Record<string, string>): string {
  return JSON.stringify(Object.entries(state).sort(([one], [other]) => (one < other ? -1 : 1)))
}
