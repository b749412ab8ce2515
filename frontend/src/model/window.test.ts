import { expect, test } from 'vitest'
import { columnsInSight, pinnedInRoom, rowsInSight } from './window'

test('rows and columns in sight have a few beside them, and end where the table does', () => {
  expect(rowsInSight(0, 320, 32, 10_000)).toEqual({ first: 0, end: 16 })
  expect(rowsInSight(32 * 100, 320, 32, 105)).toEqual({ first: 94, end: 105 })
  expect(columnsInSight(500, 300, [0, 200, 400, 600, 800, 1000], [200, 200, 200, 200, 200, 200])).toEqual({
    first: 1,
    end: 5,
  })
})

test('pinned columns leave room for others to pass by', () => {
  const widths = [300, 100, 100, 300]
  expect(pinnedInRoom(4, widths, 40, 1280)).toBe(4)
  expect(pinnedInRoom(4, widths, 40, 800)).toBe(3)
  expect(pinnedInRoom(2, widths, 40, 800)).toBe(2)
  expect(pinnedInRoom(4, widths, 40, 300)).toBe(1)
  expect(pinnedInRoom(0, [], 40, 300)).toBe(1)
})
