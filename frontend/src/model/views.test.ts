import { expect, test } from 'vitest'
import type { SavedView } from '../lib/saved_view'
import { isShown, openingOf, parted } from './views'

const own: SavedView = {
  id: 'a',
  name: 'Mine',
  state: { compare: 'x,y', chart: 'log' },
  shared: false,
  is_default: false,
  author: 'Ann',
  mine: true,
  version: 1,
}
const ours: SavedView = { ...own, id: 'b', name: 'Ours', shared: true, is_default: true }

test('views of the project and own ones are two lists', () => {
  expect(parted([own, ours])).toEqual({ project: [ours], own: [own] })
})

test('a view is shown when the address says the same, in any order', () => {
  expect(isShown(own, { chart: 'log', compare: 'x,y' })).toBe(true)
  expect(isShown(own, { compare: 'x,y' })).toBe(false)
})

test('a project opens with its default, unless the address says what to show', () => {
  expect(openingOf([own, ours], {})).toBe(ours)
  expect(openingOf([own], {})).toBeUndefined()
  expect(openingOf([own, ours], { experiment: 'x' })).toBeUndefined()
})
