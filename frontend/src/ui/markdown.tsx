// A text that somebody wrote in Markdown. Until the renderer is there, and where it cannot be had, the text stands as it was typed.
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks'

type Render = (text: string) => DocumentFragment

// Longer ones would keep the page waiting.
const LONGEST = 100_000

type Renderer = 'rendered' | 'sanitised'

export const Markdown = ({ text }: { text: string }) => <Prose text={text} by="rendered" />

// HTML of somebody's, with nothing left in it that runs or loads something.
export const Html = ({ text }: { text: string }) => <Prose text={text} by="sanitised" />

function Prose({ text, by }: { text: string; by: Renderer }) {
  const [render, setRender] = useState<{ with: Render } | null>(null)
  useEffect(() => {
    let current = true
    import('../lib/markdown').then(
      (renderers) => current && setRender({ with: renderers[by] }),
      () => undefined,
    )
    return () => {
      current = false
    }
  }, [by])
  if (!render || text.length > LONGEST) return <p class="said">{text}</p>
  return <Rendered text={text} render={render.with} />
}

function Rendered({ text, render }: { text: string; render: Render }) {
  const box = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => box.current?.replaceChildren(render(text)), [text, render])
  return <div ref={box} class="markdown" dir="auto" />
}
