// Places for colours: each experiment keeps the one it got for as long as it is chosen, whoever else comes and goes. In an address a
// list of ids names a place only where it is not the one that counting along the list would give: `a,b~4`.

export type Slots = ReadonlyMap<string, number>

const PART = /^([^~]+)~(\d{1,3})$/

export function readSlotted(text: string): { ids: string[]; slots: Slots } {
  const found = new Map<string, number>()
  text
    .split(',')
    .filter(Boolean)
    .forEach((part, at) => {
      const [, id, slot] = PART.exec(part) ?? []
      found.set(id ?? part, slot === undefined ? at : Number(slot))
    })
  return { ids: [...found.keys()], slots: slotted([...found.keys()], found) }
}

export function slottedText(ids: string[], slots: Slots): string {
  return ids.map((id, at) => ((slots.get(id) ?? at) === at ? id : `${id}~${slots.get(id)}`)).join(',')
}

// What had a place keeps it; others get the first free ones.
export function slotted(ids: string[], before: Slots): Slots {
  const made = new Map<string, number>()
  const taken = new Set<number>()
  for (const id of ids) {
    const slot = before.get(id)
    if (slot === undefined || taken.has(slot)) continue
    made.set(id, slot)
    taken.add(slot)
  }
  let free = 0
  for (const id of ids) {
    if (made.has(id)) continue
    while (taken.has(free)) free += 1
    made.set(id, free)
    taken.add(free)
  }
  return made
}
