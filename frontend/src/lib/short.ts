// A short name for a long one, to be told from others in an address: FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/ .

export function short(text: string): string {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(text)) hash = Math.imul(hash ^ byte, 0x01000193)
  return (hash >>> 0).toString(36)
}
