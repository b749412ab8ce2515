// The gateway's REST API: projects, links, members.
import type { Link, Scope } from '../lib/link'
import { askJson } from './http'

export type NewLink = { scope: Scope; view: string; label: string; expires_in_s: number; max_uses: number | null }
export type Project = { id: string; title: string; kind: 'managed' | 'upstream'; role: string | null; open: string }
export type ProjectDetail = Project & {
  may: string[]
  link_defaults: { expires_in_s: number; max_expires_in_s: number }
  scopes: string[]
}
export type Member = { id: string; name: string; email: string; role: string; added_at: string }
export type Members = { members: Member[]; invitations: { email: string; role: string; expires_at: string }[] }

const API = '/api/v1/projects'

export const readMe = () => askJson<{ name: string; is_admin: boolean }>('/api/v1/me')
export const readProjects = async () => (await askJson<{ projects: Project[] }>(API)).projects
export const readProject = (project: string) => askJson<ProjectDetail>(`${API}/${encodeURIComponent(project)}`)
export const readMembers = (project: string) => askJson<Members>(`${API}/${encodeURIComponent(project)}/members`)
export const readLinks = async (project: string) =>
  (await askJson<{ links: Link[] }>(`${API}/${encodeURIComponent(project)}/links`)).links
export const createLink = (project: string, link: NewLink) =>
  askJson<{ link: Link; url: string }>(`${API}/${encodeURIComponent(project)}/links`, 'POST', link)
export const revokeLink = (project: string, id: string) =>
  askJson<void>(`${API}/${encodeURIComponent(project)}/links/${encodeURIComponent(id)}`, 'DELETE')
