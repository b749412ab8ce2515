import { expect, test } from 'vitest'
import { withFragment } from './next'

test('whoever came by an address with a fragment is led to that', () => {
  expect(withFragment('/p/a/?x=1', '#tb_share&p.tb_share.page=charts')).toBe(
    '/p/a/?x=1#tb_share&p.tb_share.page=charts',
  )
})

test.each([
  ['/p/a/', ''],
  ['/p/a/#b', '#c'],
  ['/', '#c'],
  ['', '#c'],
  ['/p/a/', `#${'x'.repeat(2048)}`],
])('%s stays as it is', (next, fragment) => {
  expect(withFragment(next, fragment)).toBe(next)
})
