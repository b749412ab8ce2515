import { expect, test } from 'vitest'
import type { Cell } from './notebook'
import { lines, paired } from './notebook_difference'

const code = (source: string, id = '', output = ''): Cell => ({
  id: id || '#1',
  kind: 'code',
  cut: 0,
  more: 0,
  source,
  count: 1,
  outputs: output ? [{ kind: 'text', text: output, cut: 0, as: 'printed' }] : [],
})
const said = (base: Cell[], cells: Cell[]) =>
  paired(base, cells).map(({ change, base: one, cell: other }) => [change, one?.source ?? '', other?.source ?? ''])

test('equal cells are equal whatever was counted, and their outputs are looked at', () => {
  const again = { ...code('fit()', 'a', 'loss 1'), count: 7 } as Cell
  expect(said([code('fit()', 'a', 'loss 1')], [again])).toEqual([['', 'fit()', 'fit()']])
  expect(said([code('fit()', 'a', 'loss 1')], [code('fit()', 'a', 'loss 2')])).toEqual([['outputs', 'fit()', 'fit()']])
})

test('a cell is known by its id, or by being much the same', () => {
  expect(said([code('a = 1', 'x'), code('b', 'y')], [code('something else', 'x'), code('b', 'y')])).toEqual([
    ['text', 'a = 1', 'something else'],
    ['', 'b', 'b'],
  ])
  expect(said([code('rate = 0.1'), code('go()')], [code('rate = 0.01'), code('go()')])).toEqual([
    ['text', 'rate = 0.1', 'rate = 0.01'],
    ['', 'go()', 'go()'],
  ])
})

test('what came and went stands where it was', () => {
  expect(said([code('one'), code('two'), code('three')], [code('one'), code('three'), code('four')])).toEqual([
    ['', 'one', 'one'],
    ['removed', 'two', ''],
    ['', 'three', 'three'],
    ['added', '', 'four'],
  ])
  expect(said([], [code('new')])).toEqual([['added', '', 'new']])
  expect(said([code('old')], [])).toEqual([['removed', 'old', '']])
  const note: Cell = { id: '#1', kind: 'markdown', source: 'same words', cut: 0 }
  expect(said([code('same words')], [note])).toEqual([
    ['removed', 'same words', ''],
    ['added', '', 'same words'],
  ])
})

test('cells that have no ids are not taken for one another by their place', () => {
  expect(said([code('import numpy', '#1')], [code('plot(x)', '#1')])).toEqual([
    ['removed', 'import numpy', ''],
    ['added', '', 'plot(x)'],
  ])
})

test('thousands of cells that have nothing in common end soon, each once', () => {
  const many = (word: string) => Array.from({ length: 1500 }, (_, at) => code(`${word}${at} ${word}`))
  const found = paired(many('left'), many('right'))
  expect(found.filter(({ base }) => base)).toHaveLength(1500)
  expect(found.filter(({ cell }) => cell)).toHaveLength(1500)
})

test('lines, with or without an end of the last one', () => {
  expect(lines('a\nb\n', 'a\nc')).toEqual([
    { text: 'a', change: '' },
    { text: 'b', change: 'removed' },
    { text: 'c', change: 'added' },
  ])
  expect(lines('', '')).toEqual([])
  expect(lines('', 'a')).toEqual([{ text: 'a', change: 'added' }])
  const far = (word: string) => Array.from({ length: 1500 }, (_, at) => `${word}${at}`).join('\n')
  expect(lines(far('x'), far('y'))).toHaveLength(3000)
})

// What is wrong here takes a quarter of a minute, which ends the test.
test('hundreds of long cells that have nothing in common end soon, each once', () => {
  const words = (seed: number) => Array.from({ length: 400 }, (_, at) => `w${(at * seed) % 9973}`).join(' ')
  const cells = (from: number) => Array.from({ length: 800 }, (_, at) => code(words(from + 7 * at)))
  const pairs = paired(cells(11), cells(90_001))
  expect(pairs.filter(({ base }) => base)).toHaveLength(800)
  expect(pairs.filter(({ cell }) => cell)).toHaveLength(800)
})
