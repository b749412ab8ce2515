// What people say of experiments, over the gateway's REST API.
import { type Outcome, same } from '../lib/edits'
import { askJson, isUnsure } from './http'
import { saveOver } from './saving'

export type Annotation = {
  experiment: string
  display_name: string
  description: string
  tags: string[]
  archived: boolean
  notes: number
  version: number
}
// What of an experiment a note is about: steps, both ends included, or a cell of a notebook.
export type Place = { steps: [number, number] } | { file: string; cell: string }
export type Note = {
  id: string
  author: string
  mine: boolean
  text: string
  place: Place | null
  created_at: string
  edited_at: string | null
  resolved_by: string | null
  resolved_at: string | null
  version: number
}
// As one person sees it: a star is theirs alone.
export type Seen = Annotation & { starred: boolean }
export type Change = Partial<Pick<Annotation, 'display_name' | 'description' | 'tags' | 'archived'>>

const at = (api: string, ...rest: string[]) => [api, ...rest.map(encodeURIComponent)].join('/')

export const readAnnotations = async (api: string) =>
  (await askJson<{ experiments: Seen[] }>(at(api, 'experiments'))).experiments
export const annotate = (api: string, seen: Annotation, change: Change): Promise<Outcome<Annotation>> =>
  saveOver<Annotation>(seen, change, ({ version }) =>
    askJson<Annotation>(at(api, 'experiments', seen.experiment), 'PATCH', { version, ...change }),
  )
export const setStar = (api: string, id: string, starred: boolean) =>
  askJson<void>(at(api, 'experiments', id, 'star'), starred ? 'PUT' : 'DELETE')
export const readNotes = async (api: string, id: string) =>
  (await askJson<{ notes: Note[] }>(at(api, 'experiments', id, 'notes'))).notes
// Once, also if the server wrote it and no answer came; `known` are the notes before.
export async function addNote(api: string, id: string, text: string, place: Place | null, known: Note[]) {
  try {
    await askJson<Note>(at(api, 'experiments', id, 'notes'), 'POST', { text, place })
  } catch (failure) {
    const isIt = (note: Note) => note.mine && note.text === text && same(note.place, place)
    const isNew = (note: Note) => !known.some((each) => each.id === note.id)
    if (!isUnsure(failure)) throw failure
    const now = await readNotes(api, id).catch(() => [])
    if (!now.some((note) => isIt(note) && isNew(note))) throw failure
  }
}
export const writeAnew = (api: string, seen: Note, text: string): Promise<Outcome<Note>> =>
  saveOver<Note>(seen, { text }, ({ version }) => askJson<Note>(at(api, 'notes', seen.id), 'PATCH', { version, text }))
export const resolveNote = (api: string, seen: Note, resolved: boolean): Promise<Outcome<Note>> =>
  saveOver<Note>(seen, {}, ({ version }) => askJson<Note>(at(api, 'notes', seen.id), 'PATCH', { version, resolved }))
export const deleteNote = (api: string, id: string) => askJson<Note>(at(api, 'notes', id), 'DELETE')
// Brings back what was deleted; `gone` is what deleting answered.
export const restoreNote = (api: string, gone: Note) =>
  askJson<Note>(at(api, 'notes', gone.id), 'PATCH', { version: gone.version, deleted: false })

export const unsaid = (experiment: string): Seen => ({
  experiment,
  display_name: '',
  description: '',
  tags: [],
  archived: false,
  notes: 0,
  version: 0,
  starred: false,
})
