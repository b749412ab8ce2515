import { expect, test } from 'vitest'
import { readSlotted, slotted, slottedText } from './slots'

test('who stays keeps the place, who comes gets the first free one', () => {
  const first = slotted(['a', 'b', 'c'], new Map())
  expect([...first]).toEqual([
    ['a', 0],
    ['b', 1],
    ['c', 2],
  ])
  const without = slotted(['a', 'c'], first)
  expect(without.get('c')).toBe(2)
  expect(slotted(['c', 'a', 'd'], without)).toEqual(
    new Map([
      ['c', 2],
      ['a', 0],
      ['d', 1],
    ]),
  )
})

test('places stand in an address where they must', () => {
  const slots = new Map([
    ['a', 0],
    ['c', 2],
  ])
  expect(slottedText(['a', 'c'], slots)).toBe('a,c~2')
  expect(
    slottedText(
      ['a', 'b'],
      new Map([
        ['a', 0],
        ['b', 1],
      ]),
    ),
  ).toBe('a,b')
  expect(readSlotted('a,c~2,c~2')).toEqual({ ids: ['a', 'c'], slots })
  expect(readSlotted('').ids).toEqual([])
})

test('two that claim one place do not share it', () => {
  const { slots } = readSlotted('a~1,b')
  expect(new Set(slots.values()).size).toBe(2)
})
