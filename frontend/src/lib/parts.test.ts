import { expect, test } from 'vitest'
import { inParts } from './parts'

const parts = (list: string[], longest: number) => inParts(list, (each) => each.length, longest)

test.each([
  [[], 5, []],
  [['a', 'b'], 5, [['a', 'b']]],
  [['aaa', 'bb', 'c'], 5, [['aaa', 'bb'], ['c']]],
  [['aaaaaaa', 'b'], 5, [['aaaaaaa'], ['b']]],
])('%j in parts of %i', (list, longest, expected) => {
  expect(parts(list, longest)).toEqual(expected)
})
