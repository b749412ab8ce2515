import { describe, expect, it } from 'vitest'
import { type Cell, LONGEST_TEXT, MOST_CELLS, MOST_DRAWN, MOST_OUTPUTS, notebookOf } from './notebook'

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
        { id: '#1', kind: 'markdown', source: '# Title\ntext', cut: 0 },
        { id: 'a1', kind: 'code', source: 'print(1)', cut: 0, count: 3, outputs: [], more: 0 },
        { id: '#3', kind: 'code', source: '', cut: 0, count: null, outputs: [], more: 0 },
        { id: '#4', kind: 'raw', source: 'raw', cut: 0 },
        { id: '#5', kind: 'raw', source: 'unheard of', cut: 0 },
      ],
      more: 0,
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

  it('has one cell for each id, whatever the notebook says', () => {
    const ids = ['a1', 'a1', '#5', 'a b', 7, undefined, '', 'x'.repeat(65), '__proto__']
    const read = notebook(ids.map((id) => ({ id, cell_type: 'raw', source: '' })))
    expect(read?.cells.map((cell) => cell.id)).toEqual(['a1', '#2', '#3', '#4', '#5', '#6', '#7', '#8', '__proto__'])
  })

  it('keeps as much as a page can show, and counts the rest', () => {
    const many = notebook(Array.from({ length: MOST_CELLS + 2 }, () => ({ cell_type: 'raw', source: '' })))
    expect([many?.cells.length, many?.more]).toEqual([MOST_CELLS, 2])
    const value = { output_type: 'display_data', data: { 'text/plain': 'a' } }
    const outputs = Array.from({ length: MOST_OUTPUTS }, () => value)
    const two = notebook([
      { cell_type: 'code', outputs },
      { cell_type: 'code', outputs: [value] },
    ])
    expect(two?.cells.map((cell) => cell.kind === 'code' && [cell.outputs.length, cell.more])).toEqual([
      [MOST_OUTPUTS, 0],
      [0, 1],
    ])
    const table = { 'text/html': `<table>${'x'.repeat(LONGEST_TEXT - 7)}`, 'text/plain': 'df' }
    const tables = Array.from({ length: MOST_DRAWN / LONGEST_TEXT + 1 }, () => ({
      output_type: 'display_data',
      data: table,
    }))
    const drawn = notebook([
      { cell_type: 'code', outputs: tables },
      { cell_type: 'markdown', source: '# no room' },
    ])
    expect(drawn?.cells.map((cell) => (cell.kind === 'code' ? cell.outputs.at(-2)?.kind : cell.kind))).toEqual([
      'html',
      'raw',
    ])
    expect(drawn?.cells[0]).toMatchObject({ outputs: { 10: { kind: 'text', text: 'df' } } })
    const [long] = notebook([{ cell_type: 'code', source: 'x'.repeat(LONGEST_TEXT + 3) }])?.cells ?? []
    expect([long?.source.length, long?.cut]).toEqual([LONGEST_TEXT, 3])
  })

  // What is wrong here takes minutes, which ends the test.
  it('takes no time for texts that are meant to take it', () => {
    expect(display({ 'image/png': `A${' '.repeat(500_000)}!`, 'text/plain': 'p' })).toMatchObject([{ text: 'p' }])
    expect(outputsOf({ output_type: 'stream', text: `${'\r'.repeat(500_000)}x` })).toMatchObject([{ text: 'x' }])
    expect(outputsOf({ output_type: 'stream', text: 'a\r\r\nb\r' })).toMatchObject([{ text: 'a\nb' }])
  })

  it('reads numbers that are none, as Python writes them, and leaves texts alone', () => {
    const text = notebookOf(
      '{"nbformat": 4, "cells": [{"cell_type": "raw", "source": "[NaN, -Infinity]\\"NaN", "metadata": {"x": [NaN,-Infinity]}}]}',
    )
    expect(text?.cells).toMatchObject([{ source: '[NaN, -Infinity]"NaN' }])
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
