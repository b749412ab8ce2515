// What of a file can be shown here, going by its name.

const TEXTS = new Set(
  'txt log out err json jsonl yaml yml csv tsv py toml ini cfg conf sh r jl tex diff patch xml html env lock'.split(
    ' ',
  ),
)
const IMAGES = new Map([
  ['png', 'image/png'],
  ['jpg', 'image/jpeg'],
  ['jpeg', 'image/jpeg'],
  ['gif', 'image/gif'],
  ['webp', 'image/webp'],
  ['bmp', 'image/bmp'],
])

export type Shown = { as: 'text' } | { as: 'markdown' } | { as: 'image'; type: string }

// Null: it can only be fetched.
export function shownAs(name: string): Shown | null {
  const extension = extensionOf(name)
  if (extension === 'md') return { as: 'markdown' }
  const type = IMAGES.get(extension)
  if (type) return { as: 'image', type }
  return TEXTS.has(extension) || /^(readme|license|makefile|dockerfile)$/i.test(lastOf(name)) ? { as: 'text' } : null
}

export function isNotebook({ name }: { name: string }): boolean {
  return extensionOf(name) === 'ipynb'
}

const lastOf = (name: string) => name.slice(name.lastIndexOf('/') + 1)

function extensionOf(name: string): string {
  const last = lastOf(name)
  const dot = last.lastIndexOf('.')
  return dot < 0 ? '' : last.slice(dot + 1).toLowerCase()
}
