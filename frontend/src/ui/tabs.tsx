// Tabs: arrows go along them, and the keys 1 to 9 choose one from wherever nobody is typing.
import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { isTyping, onKey } from '../lib/keys'

export type Tab = { id: string; title: string }

type Props = {
  label: string
  tabs: Tab[]
  chosen: string
  choose: (id: string) => void
  children: ComponentChildren
}

export function Tabs({ label, tabs, chosen, choose, children }: Props) {
  const prefix = useId()
  const list = useRef<HTMLDivElement>(null)
  const ids = tabs.map((tab) => tab.id)
  const latest = useRef({ ids, choose })
  latest.current = { ids, choose }
  useEffect(() => {
    return onKey((event: KeyboardEvent) => {
      const id = latest.current.ids[Number(event.key) - 1]
      if (id === undefined || isTyping(event)) return
      event.preventDefault()
      latest.current.choose(id)
    })
  }, [])
  const onArrow = (event: KeyboardEvent) => {
    const at = ids.indexOf(chosen)
    const next = { ArrowRight: at + 1, ArrowLeft: at - 1, Home: 0, End: ids.length - 1 }[event.key]
    if (next === undefined) return
    event.preventDefault()
    const index = (next + ids.length) % ids.length
    choose(ids[index] as string)
    ;(list.current?.children[index] as HTMLElement | undefined)?.focus()
  }
  return (
    <>
      <div ref={list} class="tabs" role="tablist" aria-label={label} onKeyDown={onArrow}>
        {tabs.map((tab) => (
          <button
            key={tab.id}
            type="button"
            role="tab"
            id={`${prefix}-${tab.id}`}
            aria-selected={tab.id === chosen}
            aria-controls={`${prefix}-shown`}
            tabIndex={tab.id === chosen ? 0 : -1}
            onClick={() => choose(tab.id)}
          >
            {tab.title}
          </button>
        ))}
      </div>
      <div id={`${prefix}-shown`} role="tabpanel" aria-labelledby={`${prefix}-${chosen}`}>
        {children}
      </div>
    </>
  )
}
