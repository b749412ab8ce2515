import { expect, test } from 'vitest'
import { chosen, written } from './two_notebooks'

const [a1, a2, b1, b2] = [
  { id: 'a', name: 'train.ipynb' },
  { id: 'a', name: 'x/look, now.ipynb' },
  { id: 'b', name: 'other.ipynb' },
  { id: 'b', name: 'train.ipynb' },
]
const all = [a1, a2, b1, b2] as { id: string; name: string }[]

test('the two that an address names, whatever they are called', () => {
  const text = written([b1 as never, a2 as never])
  expect(text).toBe('b.other.ipynb,a.x%2Flook%2C%20now.ipynb')
  expect(chosen(text, all)).toEqual([b1, a2])
})

test('without an address the first, and its like of another experiment', () => {
  expect(chosen('', all)).toEqual([a1, b2])
  expect(chosen('', [a1 as never, b1 as never])).toEqual([a1, b1])
  expect(chosen('', [a1 as never, a2 as never])).toEqual([a1, a2])
})

test('what an address names and is no longer there is chosen anew, and one is not compared with itself', () => {
  expect(chosen('c.gone.ipynb,b.train.ipynb', all)).toEqual([a1, b2])
  expect(chosen('b.train.ipynb,c.gone.ipynb', all)).toEqual([b2, a1])
  expect(chosen('a.train.ipynb,a.train.ipynb', all)).toEqual([a1, b2])
  expect(chosen('nonsense,%', all)).toEqual([a1, b2])
  expect(chosen('', [])).toBeNull()
  expect(chosen('', [a1 as never])).toBeNull()
})
