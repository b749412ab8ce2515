// The cells of a notebook, one below the other. Nothing in them runs, and nothing is loaded from elsewhere.
import { useEffect, useRef } from 'preact/hooks'
import { count as counted } from '../lib/format'
import type { Cell, Notebook, Output } from '../model/notebook'
import { Html, Markdown } from '../ui/markdown'

// `meant` is the cell that a note speaks of; `note` begins one on a cell, where somebody may.
export type CellsProps = { notebook: Notebook; meant: string; note: ((cell: string) => void) | null }

export function Cells({ notebook, meant, note }: CellsProps) {
  const place = useRef<HTMLElement>(null)
  useEffect(() => place.current?.scrollIntoView({ block: 'center' }), [meant])
  const isThere = meant === '' || notebook.cells.some((cell) => cell.id === meant)
  return (
    <div class="notebook">
      {!isThere && <p class="muted">The cell that the note speaks of is no longer there.</p>}
      {notebook.cells.map((cell, index) => (
        <section
          key={index}
          ref={cell.id === meant ? place : null}
          class={`cell-of ${cell.kind}${cell.id === meant ? ' meant' : ''}`}
          aria-label={`Cell ${index + 1}`}
        >
          <Shown cell={cell} language={notebook.language} />
          {note && (
            <button type="button" class="quiet" aria-label={`Note on cell ${index + 1}`} onClick={() => note(cell.id)}>
              Note
            </button>
          )}
        </section>
      ))}
      {notebook.more > 0 && (
        <p class="muted">Not shown: {counted(notebook.more, 'more cell')}. Download the notebook to see all.</p>
      )}
    </div>
  )
}

function Shown({ cell, language }: { cell: Cell; language: string }) {
  return (
    <>
      <Source cell={cell} language={language} />
      <Cut count={cell.cut} />
      <Outputs cell={cell} />
    </>
  )
}

function Source({ cell, language }: { cell: Cell; language: string }) {
  if (cell.kind === 'markdown') return <Markdown text={cell.source} />
  if (cell.kind === 'raw') return <Pre text={cell.source} label="Raw text" />
  return (
    <>
      <span class="muted count">[{cell.count ?? ' '}]</span>
      <Pre text={cell.source} label={`Code${language && ` in ${language}`}`} />
    </>
  )
}

export function Outputs({ cell }: { cell: Cell }) {
  if (cell.kind !== 'code') return null
  return (
    <>
      {cell.outputs.map((output, index) => (
        <Out key={index} output={output} />
      ))}
      {cell.more > 0 && <p class="muted">Not shown: {counted(cell.more, 'more output')} of this cell.</p>}
    </>
  )
}

function Out({ output }: { output: Output }) {
  if (output.kind === 'image') return <img src={output.address} alt="What this cell drew" />
  if (output.kind === 'markdown') return <Markdown text={output.text} />
  if (output.kind === 'html') return <Html text={output.text} />
  if (output.kind === 'left_out')
    return <p class="muted">What stood here needs scripts or drawings that are not shown ({output.type}).</p>
  const isError = output.as === 'error'
  return (
    <>
      <Pre text={output.text} label={isError ? 'Error' : 'Output'} look={isError ? 'error' : 'output'} />
      <Cut count={output.cut} />
    </>
  )
}

function Cut({ count }: { count: number }) {
  return count > 0 ? <p class="muted">Not shown: {counted(count, 'more character')}.</p> : null
}

function Pre({ text, label, look = '' }: { text: string; label: string; look?: string }) {
  if (!text) return null
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard
    <pre class={`text ${look}`} tabIndex={0} role="group" aria-label={label}>
      {text}
    </pre>
  )
}
