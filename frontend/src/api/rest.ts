// The gateway's REST API: projects, links, people, tokens, sessions, the audit log.
import { changed, type Outcome } from '../lib/edits'
import type { Link, Scope } from '../lib/link'
import type { Visibility } from '../lib/visibility'
import { askJson } from './http'
import { saveOver } from './saving'

export type NewLink = {
  scope: Scope
  view: string
  label: string
  expires_in_s: number
  max_uses: number | null
  passcode: string | null
  emails: string[]
  download: boolean
}
export type Project = {
  id: string
  title: string
  kind: 'managed' | 'upstream'
  role: string | null
  visibility: Visibility
  open: string
}
export type Openness = {
  visibility: Visibility
  link_default_s: number | null
  link_max_s: number | null
  viewers_comment: boolean
}
export type ProjectDetail = Project & {
  may: string[]
  link_defaults: { expires_in_s: number; max_expires_in_s: number }
  scopes: string[]
  openness: Openness & { choices: Visibility[] }
}
export type Member = { id: string; name: string; email: string; role: string; added_at: string; me: boolean }
export type Invitation = { id: string; email: string; role: string; expires_at: string }
// Whoever has a role that nobody gave them in this project: by a provider's groups, or as an administrator.
export type OtherMember = { id: string; name: string; email: string; role: string; by: 'groups' | 'administrator' }
export type Members = { members: Member[]; others: OtherMember[]; invitations: Invitation[] }
export type Session = {
  id: string
  created_at: string
  last_seen_at: string
  provider: string | null
  address: string
  client: string
  this: boolean
}
export type Token = {
  id: string
  name: string
  scopes: string[]
  projects: string[] | null
  created_at: string
  expires_at: string
  last_used_at: string | null
  good: boolean
}
export type Device = { name: string; scopes: string[]; token_life_s: number; address: string; created_at: string }
export type Person = {
  id: string
  name: string
  email: string
  is_admin: boolean
  is_service: boolean
  disabled: boolean
  created_at: string
  projects: number
  me: boolean
}
export type Entry = {
  seq: number
  at: string
  actor: string
  action: string
  target: string
  result: string
  address: string
  request_id: string
}

const ROOT = '/api/v1'
const at = (project: string, ...rest: string[]) =>
  [`${ROOT}/projects`, ...[project, ...rest].map(encodeURIComponent)].join('/')

export const readMe = () => askJson<{ name: string; is_admin: boolean }>(`${ROOT}/me`)
export const readProjects = async () => (await askJson<{ projects: Project[] }>(`${ROOT}/projects`)).projects
export const readProject = (project: string) => askJson<ProjectDetail>(at(project))
export const saveOpenness = (project: string, wish: Openness, seen: Openness): Promise<Outcome<Openness>> => {
  const change = changed(wish, seen)
  return saveOver<Openness>(seen, change, async (newest) => {
    const whole = { ...newest, ...change }
    await askJson<void>(at(project, 'openness'), 'PUT', { ...whole, seen: newest })
    return whole
  })
}

export const readMembers = (project: string) => askJson<Members>(at(project, 'members'))
export const invite = (project: string, email: string, role: string) =>
  askJson<{ url: string; mailed: boolean | null }>(at(project, 'invitations'), 'POST', { email, role })
export const withdrawInvitation = (project: string, id: string) =>
  askJson<void>(at(project, 'invitations', id), 'DELETE')
export const changeRole = (project: string, id: string, role: string) =>
  askJson<void>(at(project, 'members', id), 'PATCH', { role })
export const removeMember = (project: string, id: string) => askJson<void>(at(project, 'members', id), 'DELETE')
export const leave = (project: string) => askJson<void>(at(project, 'members', 'me'), 'DELETE')

export const readLinks = async (project: string) => (await askJson<{ links: Link[] }>(at(project, 'links'))).links
export const createLink = (project: string, link: NewLink) =>
  askJson<{ link: Link; url: string }>(at(project, 'links'), 'POST', link)
export const revokeLink = (project: string, id: string) => askJson<void>(at(project, 'links', id), 'DELETE')
export const revokeAllLinks = (project: string) => askJson<{ revoked: number }>(at(project, 'links'), 'DELETE')

export const readSessions = async () => (await askJson<{ sessions: Session[] }>(`${ROOT}/sessions`)).sessions
export const endSession = (id: string) => askJson<void>(`${ROOT}/sessions/${encodeURIComponent(id)}`, 'DELETE')
export const endOtherSessions = () => askJson<{ ended: number }>(`${ROOT}/sessions`, 'DELETE')

export const readTokens = async () => (await askJson<{ tokens: Token[] }>(`${ROOT}/tokens`)).tokens
export const createToken = (name: string, scopes: string[], expires_in_s: number) =>
  askJson<{ secret: string }>(`${ROOT}/tokens`, 'POST', { name, scopes, expires_in_s })
export const revokeToken = (id: string) => askJson<void>(`${ROOT}/tokens/${encodeURIComponent(id)}`, 'DELETE')

export const lookAtDevice = (user_code: string) => askJson<Device>(`${ROOT}/device/look`, 'POST', { user_code })
export const decideDevice = (user_code: string, allow: boolean) =>
  askJson<void>(`${ROOT}/device/decide`, 'POST', { user_code, allow })

export const readPeople = async () => (await askJson<{ people: Person[] }>(`${ROOT}/people`)).people
export const setDisabled = (id: string, disabled: boolean) =>
  askJson<void>(`${ROOT}/people/${encodeURIComponent(id)}`, 'PATCH', { disabled })
export const readSettings = async () => (await askJson<{ settings: unknown }>(`${ROOT}/settings`)).settings

type Filter = { actor: string; action: string }
const auditPath = (project: string | null) => (project === null ? `${ROOT}/audit` : at(project, 'audit'))
export const readAudit = (project: string | null, filter: Filter, before?: number) =>
  askJson<{ entries: Entry[]; more: boolean }>(
    `${auditPath(project)}?${new URLSearchParams({ ...filter, before: before === undefined ? '' : String(before) })}`,
  )
export const auditCsv = (project: string | null, filter: Filter) =>
  `${auditPath(project)}?${new URLSearchParams({ ...filter, format: 'csv' })}`
