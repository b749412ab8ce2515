// All that the panel knows of the page around it: TensorBoard's theme, address and life. Alone in a tab, it does without.

import { decoded } from '../lib/decoded'
import { hearKeysOf } from '../lib/keys'

const outer: Window = window.parent

export function followTheme(): void {
  const apply = () => {
    const dark = framed()
      ? outer.document.body.classList.contains('dark-mode')
      : matchMedia('(prefers-color-scheme: dark)').matches
    document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  }
  apply()
  if (framed())
    new MutationObserver(apply).observe(outer.document.body, { attributes: true, attributeFilter: ['class'] })
}

export function nameFrame(title: string): void {
  if (window.frameElement) (window.frameElement as HTMLIFrameElement).title = title
}

// TensorBoard's page has the keys until somebody clicks into the panel; what nothing else has there is meant for the panel.
export function hearKeys(): void {
  if (framed()) hearKeysOf(outer, () => !isHidden() && outer.document.activeElement === outer.document.body)
}

export function isHidden(): boolean {
  return document.hidden || window.innerHeight === 0
}

// TensorBoard keeps a plugin's state in the fragment as #PLUGIN&p.PLUGIN.key=value.
const PREFIX = 'p.tb_share.'

export type Key =
  | 'filter'
  | 'sort'
  | 'ticked'
  | 'columns'
  | 'group'
  | 'opened'
  | 'baseline'
  | 'experiment'
  | 'compare'
  | 'chart'
  | 'page'
  | 'file'
  | 'cell'
  | 'zoom'
  | 'charts'
  | 'archived'
  | 'equal'
  | 'tab'
  | 'images'
  | 'texts'
  | 'parallel'
  | 'scatter'

export function state(key: Key): string {
  const found = outer.location.hash.split('&').find((part) => part.startsWith(`${PREFIX}${key}=`))
  return decoded(found?.slice(PREFIX.length + key.length + 1) ?? '')
}

// All of it, key by key.
export function wholeState(): Record<string, string> {
  const keys = ours().map((part) => part.slice(PREFIX.length).split('=', 1)[0] ?? '')
  return Object.fromEntries(keys.map((key) => [key, state(key as Key)]))
}

// Where somebody went is a step that Back undoes; how they look at it is not.
export function setState(change: Partial<Record<Key, string>>, kind: 'step' | 'tweak'): void {
  const keys = Object.keys(change).map((key) => `${PREFIX}${key}=`)
  write((part) => keys.some((key) => part.startsWith(key)), change, kind)
}

// Everything at once: another view, or none. Whoever holds a part of the state hears of it as of Back.
export function showState(whole: Record<string, string>, kind: 'step' | 'tweak'): void {
  write((part) => part.startsWith(PREFIX), whole, kind)
  shown.dispatchEvent(new Event('change'))
}

const shown = new EventTarget()

function ours(): string[] {
  return outer.location.hash.split('&').filter((part) => part.startsWith(PREFIX))
}

function write(replaced: (part: string) => boolean, by: Record<string, string>, kind: 'step' | 'tweak'): void {
  const kept = outer.location.hash.split('&').filter((part) => !replaced(part))
  if (kept[0] === '' || kept[0] === undefined) kept[0] = '#tb_share'
  for (const [key, value] of Object.entries(by)) if (value) kept.push(`${PREFIX}${key}=${encodeURIComponent(value)}`)
  const hash = kept.join('&')
  if (kind === 'step') outer.history.pushState(outer.history.state, '', hash)
  else outer.history.replaceState(outer.history.state, '', hash)
}

export function isDark(): boolean {
  return document.documentElement.dataset.theme === 'dark'
}

// Called when TensorBoard changes its theme.
export function onTheme(listener: () => void): () => void {
  const observer = new MutationObserver(listener)
  observer.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
  return () => observer.disconnect()
}

export function onBack(listener: () => void): () => void {
  outer.addEventListener('popstate', listener)
  shown.addEventListener('change', listener)
  return () => {
    outer.removeEventListener('popstate', listener)
    shown.removeEventListener('change', listener)
  }
}

export function currentView(without: Key[] = []): string {
  const left = without.map((key) => `${PREFIX}${key}=`)
  const kept = outer.location.hash.split('&').filter((part) => !left.some((key) => part.startsWith(key)))
  return outer.location.search + kept.join('&')
}

export function pageAddress(query: string): string {
  return outer.location.origin + outer.location.pathname + query
}

export function reloadPage(): void {
  outer.location.reload()
}

function framed(): boolean {
  return outer !== window
}
