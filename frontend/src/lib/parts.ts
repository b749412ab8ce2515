// Lists that are too long for one address, in as few parts as fit; order stays. A part has one member at least.
export function inParts<T>(list: T[], lengthOf: (each: T) => number, longest: number): T[][] {
  const parts: T[][] = []
  let length = longest
  for (const each of list) {
    length += lengthOf(each)
    if (length > longest) {
      parts.push([])
      length = lengthOf(each)
    }
    parts.at(-1)?.push(each)
  }
  return parts
}
