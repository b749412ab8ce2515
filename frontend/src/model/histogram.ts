// How values are spread: how many lie in each of some equal parts between the least and the greatest.

export function histogram(values: number[], parts: number): number[] {
  const there = values.filter(Number.isFinite)
  if (there.length === 0) return []
  const low = there.reduce((least, value) => Math.min(least, value))
  const high = there.reduce((most, value) => Math.max(most, value))
  if (low === high) return [there.length]
  const counts = new Array<number>(parts).fill(0)
  for (const value of there) {
    const part = Math.min(parts - 1, Math.floor(((value - low) / (high - low)) * parts))
    counts[part] = (counts[part] as number) + 1
  }
  return counts
}
