import { expect, test } from 'vitest'
import { inSight, piecesOf } from './unseen'

test('what nobody sees is told apart, and nothing of the text is lost', () => {
  expect(piecesOf('a\u202eb\u200b')).toEqual([
    { text: 'a', code: '' },
    { text: '\u202e', code: 'U+202E' },
    { text: 'b', code: '' },
    { text: '\u200b', code: 'U+200B' },
  ])
  expect(piecesOf('\n').map(({ code }) => code)).toEqual(['U+000A'])
})

test.each(['', 'resnet/lr 0.1', 'שלום', '👩\u200d💻', 'ünïcode'])('%s stands as it is', (text) => {
  expect(piecesOf(text)).toEqual([{ text, code: '' }])
})

test('as text alone, the code points stand in their place', () => {
  expect(inSight('a\u202eb\u200b')).toBe('a‹U+202E›b‹U+200B›')
  expect(inSight('resnet')).toBe('resnet')
})
