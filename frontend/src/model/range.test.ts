import { expect, it } from 'vitest'
import { readRange, shown, whole, writtenRange } from './range'

it('reads a range, and of anything else none', () => {
  expect(readRange('1.5,2e3')).toEqual([1.5, 2000])
  expect(readRange('-4,-1')).toEqual([-4, -1])
  for (const text of ['', '1', '1,', ',1', '2,1', '1,1', '1,2,3', 'a,b', '1,Infinity', 'NaN,1'])
    expect(readRange(text)).toBeNull()
})

it('names the steps within a range, and writes what it reads again', () => {
  expect(whole([1.2, 4.9])).toEqual([2, 4])
  expect(whole([1.2, 1.4])).toEqual([1.2, 1.4])
  expect(readRange(writtenRange([0.1 + 0.2, 1_790_000_000.25]))).toEqual([0.3, 1_790_000_000.25])
})

it('shows of a single step as much as makes a range, in which it is the only one', () => {
  expect(shown([3, 8])).toEqual([3, 8])
  for (const step of [0, 7, -7, 0.5, 2 ** 53, 1e300]) {
    const range = shown([step, step])
    expect(readRange(range.join(','))).toEqual(range)
    if (Number.isSafeInteger(step)) expect(whole(range).map((end) => end + 0)).toEqual([step, step])
  }
})
