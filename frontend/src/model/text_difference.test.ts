import { expect, test } from 'vitest'
import { difference } from './text_difference'

const marked = (text: string, base: string) =>
  difference(text, base)
    .map((part) => (part.changed ? `[${part.text}]` : part.text))
    .join('')

test.each([
  ['resnet_large', 'resnet_small', 'resnet_l[arge]'],
  ['same', 'same', 'same'],
  ['new', '', '[new]'],
  ['', 'old', ''],
  ['a1c', 'abc', 'a[1]c'],
  ['aa', 'a', 'a[a]'],
  ['😀x', '😁x', '[😀]x'],
])('%s against %s', (text, base, expected) => {
  expect(marked(text, base)).toBe(expected)
})

test('what is kept is as long as possible, and long texts are marked whole', () => {
  expect(marked('one, two, three', 'two, three, four')).toBe('[one, ]two, three')
  expect(difference('x'.repeat(1000), 'y'.repeat(1000))).toEqual([{ text: 'x'.repeat(1000), changed: true }])
})
