// Views of the experiments that somebody saved under a name, over the gateway's REST API.
import type { Outcome } from '../lib/edits'
import type { SavedView } from '../lib/saved_view'
import { askJson } from './http'
import { saveOver } from './saving'

type Change = Partial<Pick<SavedView, 'name' | 'state' | 'shared' | 'is_default'>>

const at = (api: string, id = '') => `${api}/views${id && `/${encodeURIComponent(id)}`}`

export const readViews = async (api: string) => (await askJson<{ views: SavedView[] }>(at(api))).views
export const saveView = (api: string, wanted: Pick<SavedView, 'name' | 'state' | 'shared'>) =>
  askJson<SavedView>(at(api), 'POST', wanted)
export const changeView = (api: string, seen: SavedView, change: Change): Promise<Outcome<SavedView>> =>
  saveOver<SavedView>(seen, change, ({ version }) =>
    askJson<SavedView>(at(api, seen.id), 'PATCH', { version, ...change }),
  )
export const deleteView = (api: string, id: string) => askJson<SavedView>(at(api, id), 'DELETE')
// Brings back what was deleted, as it was before; `gone` is what deleting answered.
export const restoreView = (api: string, gone: SavedView, { is_default }: SavedView) =>
  askJson<SavedView>(at(api, gone.id), 'PATCH', { version: gone.version, deleted: false, is_default })
