import { expect, test } from 'vitest'
import { holding } from './held'

test('new rows wait, the order holds, what is gone is gone', () => {
  const first = holding(null, 'by loss', ['a', 'b', 'c'], false)
  expect(first).toMatchObject({ ids: ['a', 'b', 'c'], waiting: 0, reordered: false })
  const next = holding(first.held, 'by loss', ['new', 'c', 'a'], false)
  expect(next).toMatchObject({ ids: ['a', 'c'], waiting: 1, reordered: true })
  expect(holding(next.held, 'by loss', ['a', 'b', 'c'], false)).toMatchObject({ ids: ['a', 'b', 'c'], waiting: 0 })
})

test('another order, and logs that are being read, take everything as it comes', () => {
  const { held } = holding(null, 'by loss', ['a'], false)
  expect(holding(held, 'by name', ['new', 'a'], false).ids).toEqual(['new', 'a'])
  expect(holding(held, 'by loss', ['new', 'a'], true)).toMatchObject({ ids: ['new', 'a'], waiting: 0 })
})
