// A piece of an address as text; empty if it cannot be read: addresses come from anywhere.

export function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return ''
  }
}
