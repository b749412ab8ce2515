// What people say of experiments, over the gateway's REST API.
import { AskFailed, askJson } from './http'

export type Annotation = {
  experiment: string
  display_name: string
  description: string
  tags: string[]
  archived: boolean
  notes: number
  version: number
}
export type Note = {
  id: string
  author: string
  mine: boolean
  text: string
  created_at: string
  edited_at: string | null
  resolved_by: string | null
  resolved_at: string | null
  version: number
}
type Change = Partial<Pick<Annotation, 'display_name' | 'description' | 'tags' | 'archived'>>

const at = (api: string, ...rest: string[]) => [api, ...rest.map(encodeURIComponent)].join('/')

export const readAnnotations = async (api: string) =>
  (await askJson<{ experiments: Annotation[] }>(at(api, 'experiments'))).experiments
export const annotate = (api: string, id: string, version: number, change: Change) =>
  askJson<Annotation>(at(api, 'experiments', id), 'PATCH', { version, ...change })
export const readNotes = async (api: string, id: string) =>
  (await askJson<{ notes: Note[] }>(at(api, 'experiments', id, 'notes'))).notes
export const writeNote = (api: string, id: string, text: string) =>
  askJson<Note>(at(api, 'experiments', id, 'notes'), 'POST', { text })
export const changeNote = (api: string, note: Note, change: { text?: string; resolved?: boolean }) =>
  askJson<Note>(at(api, 'notes', note.id), 'PATCH', { version: note.version, ...change })
export const deleteNote = (api: string, id: string) => askJson<void>(at(api, 'notes', id), 'DELETE')

// Somebody changed the same thing since it was read.
export const isConflict = (failure: unknown) => failure instanceof AskFailed && failure.status === 409
