// A share link as the gateway describes it; its secret is never part of it.

export type Scope = { kind: 'project' } | { kind: 'experiments'; ids: string[] }

export type Link = {
  id: string
  label: string
  scope: Scope
  view: string
  created_at: string
  created_by: string
  expires_at: string
  max_uses: number | null
  uses: number
  first_used_at: string | null
  last_used_at: string | null
  has_passcode: boolean
  emails: string[]
  download: boolean
  state: 'active' | 'expired' | 'used_up' | 'revoked'
  mine: boolean
}
