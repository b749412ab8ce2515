// What every page of the portal has: the bar with the way home, to one's account and out.
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { readMe } from '../api/rest'

export function Frame({ children }: { children: ComponentChildren }) {
  const [me, setMe] = useState({ name: '', is_admin: false })
  useEffect(() => {
    readMe().then(setMe, () => undefined)
  }, [])
  return (
    <>
      <header class="top">
        <nav aria-label="Pages">
          <a href="/" class="home">
            Projects
          </a>
          <a href="/account">Account</a>
          {me.is_admin && <a href="/workspace">Workspace</a>}
        </nav>
        <form method="post" action="/logout">
          <span class="who">{me.name}</span> <button type="submit">Sign out</button>
        </form>
      </header>
      <main class="page">{children}</main>
    </>
  )
}
