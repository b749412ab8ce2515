// What somebody writes and has not saved, kept for as long as the browser's tab is: neither Back nor a reload loses it.

export type Draft = {
  text: string
  // What stood there when they began, so that what others saved since is not overwritten unseen.
  from: string
}

const PREFIX = 'tb_share.draft '

export function draftAt(place: string): Draft | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(PREFIX + place) ?? 'null') as Partial<Draft> | null
    return typeof kept?.text === 'string' && typeof kept.from === 'string' ? { text: kept.text, from: kept.from } : null
  } catch {
    return null
  }
}

// A browser that keeps nothing, or no more, still lets people write.
export function keepDraft(place: string, { text, from }: Draft): void {
  try {
    if (text === from) sessionStorage.removeItem(PREFIX + place)
    else sessionStorage.setItem(PREFIX + place, JSON.stringify({ text, from }))
  } catch {}
}

// All places where one is kept.
export function draftPlaces(): string[] {
  try {
    return Object.keys(sessionStorage).flatMap((key) => (key.startsWith(PREFIX) ? [key.slice(PREFIX.length)] : []))
  } catch {
    return []
  }
}

export function dropDraft(place: string): void {
  keepDraft(place, { text: '', from: '' })
}
