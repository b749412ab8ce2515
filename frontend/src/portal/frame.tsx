// What every page of the portal has: the bar with the way home and out.
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { readMe } from '../api/rest'

export function Frame({ children }: { children: ComponentChildren }) {
  const [name, setName] = useState('')
  useEffect(() => {
    readMe().then(
      (me) => setName(me.name),
      () => undefined,
    )
  }, [])
  return (
    <>
      <header class="top">
        <a href="/" class="home">
          Projects
        </a>
        <form method="post" action="/logout">
          <span class="who">{name}</span> <button type="submit">Sign out</button>
        </form>
      </header>
      <main class="page">{children}</main>
    </>
  )
}

export function Failed({ message }: { message: string }) {
  return (
    <p class="error" role="alert">
      {message}{' '}
      <button type="button" onClick={() => location.reload()}>
        Try again
      </button>
    </p>
  )
}
