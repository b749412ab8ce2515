// A text that somebody wrote in Markdown. Until the renderer is there, and where it cannot be had, the text stands as it was typed.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

type Render = (text: string) => DocumentFragment

// Longer ones would keep the page waiting.
const LONGEST = 100_000

export function Markdown({ text }: { text: string }) {
  const [render, setRender] = useState<{ with: Render } | null>(null)
  useEffect(() => {
    let current = true
    import('../lib/markdown').then(
      ({ rendered }) => current && setRender({ with: rendered }),
      () => undefined,
    )
    return () => {
      current = false
    }
  }, [])
  if (!render || text.length > LONGEST) return <p class="said">{text}</p>
  return <Rendered text={text} render={render.with} />
}

function Rendered({ text, render }: { text: string; render: Render }) {
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => box.current?.replaceChildren(render(text)), [text, render])
  return <div ref={box} class="markdown" dir="auto" />
}
