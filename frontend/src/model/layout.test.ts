import { expect, test } from 'vitest'
import {
  arranged,
  isPinned,
  layoutText,
  moved,
  proposedKeys,
  readLayout,
  withGoal,
  withLook,
  withPinned,
  withShown,
} from './layout'

const COLUMNS = ['state', 'name', 'p:lr', 'p:depth', 'm:loss', 'min:loss'].map((key) => ({ key }))
const PROPOSED = new Set(['state', 'name', 'p:lr', 'm:loss'])
const keys = (text: string) => arranged(COLUMNS, readLayout(text), PROPOSED).columns.map(({ key }) => key)

test('without a word, what is proposed is shown as it comes, the name first', () => {
  expect(keys('')).toEqual(['name', 'state', 'p:lr', 'm:loss'])
})

test('a layout stands in an address and comes back', () => {
  const text = '^p%3Alr,m%3Aloss,-state,+min%3Aloss,~m%3Aloss,*p%3Alr,<loss,>a%2Cb,!c'
  expect(layoutText(readLayout(text))).toBe(text)
  expect(readLayout(text).goals.get('a,b')).toBe('up')
  expect(readLayout('%,^%,-').placed).toEqual([])
})

test('shown, hidden, pinned', () => {
  let layout = withShown(readLayout(''), 'min:loss', true, PROPOSED)
  layout = withShown(layout, 'state', false, PROPOSED)
  layout = withPinned(layout, 'm:loss', true)
  expect(keys(layoutText(layout))).toEqual(['name', 'm:loss', 'p:lr', 'min:loss'])
  expect(arranged(COLUMNS, layout, PROPOSED).pinned).toBe(2)
  layout = withShown(withShown(layout, 'min:loss', false, PROPOSED), 'state', true, PROPOSED)
  expect(layoutText(withPinned(layout, 'm:loss', false))).toBe('')
})

test('the name cannot be hidden', () => {
  expect(keys('-name')[0]).toBe('name')
})

test('a column is moved before another one, and what comes later stays where it is', () => {
  const visible = ['name', 'state', 'p:lr', 'm:loss']
  const layout = moved(readLayout(''), visible, 'm:loss', 'state')
  expect(layoutText(layout)).toBe('m%3Aloss')
  expect(keys('m%3Aloss')).toEqual(['name', 'm:loss', 'state', 'p:lr'])
  expect(keys(layoutText(moved(readLayout(''), visible, 'state', '')))).toEqual(['name', 'p:lr', 'm:loss', 'state'])
  expect(keys(layoutText(moved(readLayout(''), visible, 'p:lr', 'name')))).toEqual(['name', 'p:lr', 'state', 'm:loss'])
})

test('moved among the pinned it is pinned, and out of them no longer', () => {
  const layout = readLayout('^p%3Alr')
  const visible = ['name', 'p:lr', 'state', 'm:loss']
  expect(isPinned('state', moved(layout, visible, 'state', 'p:lr'))).toBe(true)
  expect(isPinned('p:lr', moved(layout, visible, 'p:lr', 'm:loss'))).toBe(false)
})

test('looks and goals', () => {
  const layout = withGoal(withLook(withLook(readLayout(''), 'm:loss', 'heat'), 'p:lr', 'bars'), 'loss', null)
  expect(layoutText(withLook(layout, 'm:loss', null))).toBe('~p%3Alr,!loss')
})

test('proposed is what differs', () => {
  const column = (key: string, kind: string, values: (number | string)[]) => ({
    key,
    kind,
    at: (row: number) => values[row] ?? '',
  })
  const columns = [
    column('name', 'system', ['a', 'a']),
    column('p:same', 'parameter', [1, 1]),
    column('p:none', 'parameter', [Number.NaN, Number.NaN]),
    column('p:some', 'parameter', [1, Number.NaN]),
  ]
  expect([...proposedKeys(columns, 2)]).toEqual(['name', 'p:some'])
  expect([...proposedKeys(columns, 1)]).toEqual(['name', 'p:same', 'p:some'])
})
