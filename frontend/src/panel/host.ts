// All that the panel knows of the page around it: TensorBoard's theme, address and life. Alone in a tab, it does without.

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

export function isHidden(): boolean {
  return document.hidden || window.innerHeight === 0
}

// TensorBoard keeps a plugin's state in the fragment as #PLUGIN&p.PLUGIN.key=value.
const KEY = 'p.tb_share.experiment'

export function openExperiment(): string {
  const found = outer.location.hash.split('&').find((part) => part.startsWith(`${KEY}=`))
  return found ? decodeURIComponent(found.slice(KEY.length + 1)) : ''
}

export function setOpenExperiment(id: string): void {
  const kept = outer.location.hash.split('&').filter((part) => !part.startsWith(`${KEY}=`))
  if (kept[0] === '' || kept[0] === undefined) kept[0] = '#tb_share'
  if (id) kept.push(`${KEY}=${encodeURIComponent(id)}`)
  outer.history.pushState(outer.history.state, '', kept.join('&'))
}

export function onBack(listener: () => void): () => void {
  outer.addEventListener('popstate', listener)
  return () => outer.removeEventListener('popstate', listener)
}

export function currentView(): string {
  return outer.location.search + outer.location.hash
}

export function pageAddress(query: string): string {
  return outer.location.origin + outer.location.pathname + query
}

function framed(): boolean {
  return outer !== window
}
