import { expect, test } from 'vitest'
import { csv } from './csv'

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
