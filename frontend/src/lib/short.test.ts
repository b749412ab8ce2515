import { expect, test } from 'vitest'
import { short } from './short'

test('as published for 32 bits', () => {
  const published: [string, number][] = [
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ]
  for (const [text, hash] of published) expect(short(text)).toBe(hash.toString(36))
})
