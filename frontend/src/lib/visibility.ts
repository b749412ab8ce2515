// Who may read a project without a role in it, in words.

export type Visibility = 'members' | 'signed_in' | 'public'

export const VISIBILITIES: Record<Visibility, { short: string; long: string }> = {
  members: { short: 'private', long: 'Private: only members and people with a link see it.' },
  signed_in: { short: 'open to everybody here', long: 'Everybody who signed in here can read it.' },
  public: { short: 'public', long: 'Public: anybody who reaches this server can read it, without signing in.' },
}
