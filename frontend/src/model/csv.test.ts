import { expect, test } from 'vitest'
import { csv, groupsCsv } from './csv'
import { groupsOf } from './groups'

test('texts are quoted, what is missing is empty, and no text is a formula', () => {
  const name = ['plain', 'a,"b"\nc', '=HYPERLINK("x")', '-1+1', '']
  const loss = [0.5, Number.NaN, -1e-9, Number.POSITIVE_INFINITY, 3]
  const columns = [
    { key: 'name', label: '@name', numbers: false, at: (row: number) => name[row] as string },
    { key: 'm:loss', label: 'loss, all', numbers: true, at: (row: number) => loss[row] as number },
  ]
  expect(csv(columns, [0, 1, 2, 3, 4])).toBe(
    '\'@name,"loss, all"\r\nplain,0.5\r\n"a,""b""\nc",\r\n"\'=HYPERLINK(""x"")",-1e-9\r\n\'-1+1,Infinity\r\n,3\r\n',
  )
})

test.each(['=1', '+1', '-1+1', '@x', '\t=1', '\r=1', '\n=1', '＝1', '＋1', '－1', '＠x'])(
  '%j is no formula',
  (text) => {
    const name = { key: 'name', label: 'name', numbers: false, at: () => text }
    expect(csv([name], [0])).toMatch(/^name\r\n"?'/)
  },
)

test('NaN that was logged is no missing value', () => {
  const loss = { key: 'm:loss', label: 'loss', numbers: true, at: () => Number.NaN, nan: (row: number) => row === 1 }
  expect(csv([loss], [0, 1])).toBe('loss\r\n\r\nNaN\r\n')
})

test('of groups: the count of rows, and of numbers mean, least, greatest, deviation and count', () => {
  const column = (label: string, values: (number | string)[]) => ({
    key: label,
    label,
    numbers: typeof values[0] === 'number',
    at: (row: number) => values[row] as number | string,
  })
  const opt = column('opt', ['=adam', 'sgd', '=adam'])
  const loss = column('loss', [1, Number.NaN, 3])
  const lines = groupsCsv([opt, loss], groupsOf([0, 1, 2], [opt])).split('\r\n')
  expect(lines[0]).toBe(
    'Group,Experiments,opt,loss (mean),loss (least),loss (greatest),loss (standard deviation),loss (count)',
  )
  expect(lines.slice(1)).toEqual([`opt =adam,2,'=adam,2,1,3,${Math.SQRT2},2`, 'opt sgd,1,sgd,,,,,0', ''])
})

test('moments are written in full, where there is one', () => {
  const started = {
    key: 'started',
    label: 'Started',
    numbers: true,
    at: (row: number) => [0, Number.NaN, 1e300][row] as number,
  }
  expect(csv([started], [0, 1, 2])).toBe('Started\r\n1970-01-01T00:00:00.000Z\r\n\r\n1e+300\r\n')
  expect(groupsCsv([started], groupsOf([0], [started])).split('\r\n')[1]).toBe(
    'Started 0,1,1970-01-01T00:00:00.000Z,1970-01-01T00:00:00.000Z,1970-01-01T00:00:00.000Z,,1',
  )
})
