import { describe, expect, it } from 'vitest'
import { type Cell, LONGEST_TEXT, notebookOf } from './notebook'

const notebook = (cells: unknown[], metadata: unknown = {}) =>
  notebookOf(JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata, cells }))
const outputsOf = (...outputs: unknown[]) => {
  const [cell] = notebook([{ cell_type: 'code', source: '', outputs }])?.cells ?? []
  return (cell as Extract<Cell, { kind: 'code' }>).outputs
}
const display = (data: unknown) => outputsOf({ output_type: 'display_data', data })

describe('notebookOf', () => {
  it('reads cells of each kind, with texts in one piece or in several', () => {
    const read = notebook(
      [
        { cell_type: 'markdown', source: ['# Title\n', 'text'] },
        { id: 'a1', cell_type: 'code', source: 'print(1)', execution_count: 3, outputs: [] },
        { cell_type: 'code', source: '', execution_count: null },
        { cell_type: 'raw', source: 'raw' },
        { cell_type: 'new', source: 'unheard of' },
        'no cell',
      ],
      { language_info: { name: 'python' } },
    )
    expect(read).toEqual({
      language: 'python',
      cells: [
        { id: '#1', kind: 'markdown', source: '# Title\ntext' },
        { id: 'a1', kind: 'code', source: 'print(1)', count: 3, outputs: [] },
        { id: '#3', kind: 'code', source: '', count: null, outputs: [] },
        { id: '#4', kind: 'raw', source: 'raw' },
        { id: '#5', kind: 'raw', source: 'unheard of' },
      ],
    })
  })

  it('says of anything else that it is none', () => {
    for (const text of [
      '',
      '{',
      '[]',
      'null',
      '{"nbformat":3,"worksheets":[]}',
      '{"nbformat":4}',
      '{"nbformat":4,"cells":{}}',
    ])
      expect(notebookOf(text)).toBeNull()
  })

  it('joins what was printed, and shows of a progress bar what a terminal would', () => {
    const stream = (text: unknown) => ({ output_type: 'stream', name: 'stdout', text })
    expect(
      outputsOf(stream(['a\n', ' 10%\r 90%\r100%\r\n']), stream('\u001b[1;31mred\u001b[0m\u001b]0;title\u0007')),
    ).toEqual([{ kind: 'text', text: 'a\n100%\nred', cut: 0, as: 'printed' }])
    const [long] = outputsOf(stream('x'.repeat(LONGEST_TEXT)), stream('more'))
    expect(long).toMatchObject({ cut: 4 })
  })

  it('keeps an error apart', () => {
    const error = {
      output_type: 'error',
      ename: 'ValueError',
      evalue: 'no',
      traceback: ['\u001b[0;31mline 1', 'line 2'],
    }
    expect(outputsOf({ output_type: 'stream', text: 'a' }, error)).toMatchObject([
      { text: 'a' },
      { text: 'line 1\nline 2', as: 'error' },
    ])
    expect(outputsOf({ ...error, traceback: [] })).toMatchObject([{ text: 'ValueError: no' }])
  })

  it('shows pictures as data, and nothing that only looks like one', () => {
    expect(display({ 'image/png': 'iVBOR\nw0KGgo=\n', 'text/plain': 'Figure' })).toEqual([
      { kind: 'image', address: 'data:image/png;base64,iVBORw0KGgo=' },
    ])
    for (const content of ['" onerror="alert(1)', 'https://evil.test/x.png', 'AAAA,<svg>', ''])
      expect(display({ 'image/png': content, 'text/plain': 'Figure' })).toMatchObject([
        { kind: 'text', text: 'Figure' },
      ])
  })

  it('takes tables from HTML, and of all other HTML, drawings and scripts the text beside them', () => {
    expect(display({ 'text/html': '<table></table>', 'text/plain': 'df' })).toMatchObject([{ kind: 'html' }])
    expect(display({ 'text/html': '<script>alert(1)</script>', 'text/plain': 'plot' })).toMatchObject([
      { kind: 'text', text: 'plot' },
    ])
    expect(display({ 'text/markdown': '**a**' })).toMatchObject([{ kind: 'markdown' }])
    expect(display({ 'image/svg+xml': '<svg/>', 'application/javascript': 'alert(1)' })).toEqual([
      { kind: 'left_out', type: 'image/svg+xml, application/javascript' },
    ])
    expect(display(null)).toEqual([{ kind: 'left_out', type: 'nothing' }])
  })
})
