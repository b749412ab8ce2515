import { expect, test } from 'vitest'
import { compared, inOrder, readCompared } from './compared'

const COLUMNS = [
  { key: 'id', label: 'Id', numbers: false, at: (row: number) => `i${row}` },
  { key: 'lr', label: 'lr', numbers: true, at: (row: number) => row },
]

test('ids are these, and a star is every row that the filter passes', () => {
  expect(compared(readCompared('i2,i0'), COLUMNS, 4)).toEqual({ ids: ['i2', 'i0'], whole: false, query: '' })
  expect(compared(readCompared('*lr>1'), COLUMNS, 4)).toEqual({ ids: ['i2', 'i3'], whole: true, query: 'lr>1' })
  expect(compared(readCompared('*'), COLUMNS, 3).ids).toHaveLength(3)
})

test('a filter that means nothing passes nothing, and nothing is nothing', () => {
  expect(compared(readCompared('*gone>1'), COLUMNS, 4).ids).toEqual([])
  expect(readCompared('')).toEqual([])
})

test('rows stand in the order of their address, and a filter that means nothing hides none', () => {
  expect(inOrder(COLUMNS, 4, 'lr>0', '-lr')).toEqual(['i3', 'i2', 'i1'])
  expect(inOrder(COLUMNS, 2, 'gone>1', '')).toEqual(['i0', 'i1'])
})
