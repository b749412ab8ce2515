import { expect, test } from 'vitest'
import { read, USUAL, type View, written } from './parallel_view'

const FULL: View = {
  axes: ['p:lr', '__proto__', 'm:a&b=c'],
  brushes: [
    { key: 'p:lr', from: 0.1, to: null },
    { key: 'p:name', from: '<b>', to: 'z' },
  ],
  colour: 'm:loss',
  log: [{ key: 'p:lr', on: false }],
  asTable: true,
}

test.each([FULL, USUAL, { ...USUAL, axes: [] }])('what is written is read again: %j', (view) => {
  expect(read(written(view))).toEqual(view)
})

test('nothing chosen is nothing to write', () => {
  expect(written(USUAL)).toBe('')
})

test.each(['x', 'null', '3', '[]', '{"axes":3,"within":[1,["a"],["a",{},1]],"colour":[],"log":[["a","b"]]}'])(
  'anything can be read: %s',
  (text) => expect(read(text)).toEqual(USUAL),
)
