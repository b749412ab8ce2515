import { expect, test } from 'vitest'
import { guestsFindTheSame } from './guests'
import type { Cell } from './query'

const column = (key: string, values: (number | string)[]): Cell => ({
  key,
  label: key,
  numbers: typeof values[0] === 'number',
  at: (row) => values[row] ?? '',
})
const COLUMNS = [
  column('name', ['The small one', 'runs/b', 'runs/c']),
  column('path', ['runs/a', 'runs/b', 'runs/c']),
  column('tags', ['best', '', '']),
  column('starred', ['yes', '', '']),
  column('archived', ['', '', 'yes']),
  column('lr', [0.1, 0.2, 0.3]),
]

test.each([
  ['', true],
  ['lr<0.2', true],
  ['runs/b', true],
  ['name=runs/b', true],
  ['nothing<1', true],
  ['tag:best', false],
  ['not tag:best', false],
  ['tags=best', false],
  ['starred=yes', false],
  ['archived=yes', false],
  ['path=runs/b', false],
  ['small', false],
  ['best lr<0.2', false],
])('a filter %s finds the same for guests: %s', (text, same) => {
  expect(guestsFindTheSame(text, COLUMNS, 3)).toBe(same)
})
