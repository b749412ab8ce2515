// Which characters of a text are not those of another: the longest run of characters that both have in the same order stays unmarked.

export type Part = { text: string; changed: boolean }
const MOST = 400

export function difference(text: string, base: string): Part[] {
  const [mine, theirs] = [Array.from(text), Array.from(base)]
  let start = 0
  while (start < mine.length && start < theirs.length && mine[start] === theirs[start]) start += 1
  let end = 0
  const left = Math.min(mine.length, theirs.length) - start
  while (end < left && mine.at(-1 - end) === theirs.at(-1 - end)) end += 1
  const middle = mine.slice(start, mine.length - end)
  const kept = keptOf(middle, theirs.slice(start, theirs.length - end))
  return joined([
    ...mine.slice(0, start).map((character) => ({ text: character, changed: false })),
    ...middle.map((character, index) => ({ text: character, changed: !kept[index] })),
    ...mine.slice(mine.length - end).map((character) => ({ text: character, changed: false })),
  ])
}

function keptOf(mine: string[], theirs: string[]): boolean[] {
  const kept = mine.map(() => false)
  if (mine.length > MOST || theirs.length > MOST) return kept
  const width = theirs.length + 1
  const longest = new Uint16Array((mine.length + 1) * width)
  const at = (i: number, j: number) => longest[i * width + j] as number
  for (let i = mine.length - 1; i >= 0; i -= 1)
    for (let j = theirs.length - 1; j >= 0; j -= 1)
      longest[i * width + j] = mine[i] === theirs[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1))
  for (let i = 0, j = 0; i < mine.length && j < theirs.length; ) {
    if (mine[i] === theirs[j]) {
      kept[i] = true
      i += 1
      j += 1
    } else if (at(i + 1, j) >= at(i, j + 1)) i += 1
    else j += 1
  }
  return kept
}

function joined(parts: Part[]): Part[] {
  const found: Part[] = []
  for (const part of parts) {
    const last = found.at(-1)
    if (last && last.changed === part.changed) last.text += part.text
    else found.push({ ...part })
  }
  return found
}
