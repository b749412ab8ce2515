// A saved view, as the gateway gives it.

export type SavedView = {
  id: string
  name: string
  // The panel's part of the address, key by key.
  state: Record<string, string>
  shared: boolean
  is_default: boolean
  author: string
  mine: boolean
  version: number
}
