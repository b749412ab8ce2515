// What became of one notebook in another, cell by cell. Lines that only one of them has are marked by a sign and a colour.

import { useMemo } from 'preact/hooks'
import { count } from '../lib/format'
import { type Cell, MOST_CELLS, type Notebook } from '../model/notebook'
import { type Line, lines, type Pair, paired, saidBy } from '../model/notebook_difference'
import { AlsoEqual } from './also_equal'
import { Outputs } from './notebook_cells'
import { useAddress } from './use_address'

export type DifferenceProps = { base: Notebook; other: Notebook }

const SAID: Record<Pair['change'], string> = {
  '': 'Equal',
  text: 'Changed',
  outputs: 'Other output',
  added: 'Only in the second',
  removed: 'Only in the first',
}
const MARKS = { '': 'span', added: 'ins', removed: 'del' } as const
const SIGNS: Record<Line['change'], string> = { '': ' ', added: '+', removed: '−' }

export function Difference({ base, other }: DifferenceProps) {
  const [equal, setEqual] = useAddress('equal', 'tweak')
  const pairs = useMemo(() => paired(base.cells, other.cells), [base, other])
  const same = pairs.filter(({ change }) => change === '').length
  const shown = pairs.filter(({ change }) => equal !== '' || change !== '')
  return (
    <>
      <p>
        <output>{same === pairs.length ? 'Nothing differs between them.' : summary(pairs)}</output>{' '}
        {same > 0 && <AlsoEqual count={same} equal={equal} set={setEqual} />}
      </p>
      {Math.max(base.more, other.more) > 0 && (
        <p class="muted">Very many cells: only the first {MOST_CELLS} of each are compared.</p>
      )}
      <div class="notebook difference">
        {shown.map((pair) => (
          <Shown key={`${numberOf(base.cells, pair.base)} ${numberOf(other.cells, pair.cell)}`} pair={pair} />
        ))}
      </div>
    </>
  )
}

function Shown({ pair }: { pair: Pair }) {
  const { base, cell, change } = pair
  const told = useMemo(() => lines(base?.source ?? '', cell?.source ?? ''), [base, cell])
  const hasOther = base && cell && saidBy(base) !== saidBy(cell)
  return (
    <section class={`cell-of ${(cell ?? base)?.kind} ${change}`} aria-label={`${SAID[change]} cell`}>
      <p class="muted">{SAID[change]}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard */}
      <pre class="text lines" tabIndex={0} role="group" aria-label="Text of the cell">
        {told.map((line, at) => (
          <Told key={at} line={line} />
        ))}
      </pre>
      {hasOther ? (
        <div class="halves">
          <Half title="Output in the first" cell={base} />
          <Half title="Output in the second" cell={cell} />
        </div>
      ) : (
        <Outputs cell={(cell ?? base) as Cell} />
      )}
    </section>
  )
}

function Told({ line }: { line: Line }) {
  const Mark = MARKS[line.change]
  return <Mark>{`${SIGNS[line.change]} ${line.text}\n`}</Mark>
}

function Half({ title, cell }: { title: string; cell: Cell }) {
  return (
    <div>
      <p class="muted">{title}</p>
      {saidBy(cell) === '[]' ? <p class="muted">None.</p> : <Outputs cell={cell} />}
    </div>
  )
}

function summary(pairs: Pair[]): string {
  const parts = (['text', 'outputs', 'added', 'removed'] as const).flatMap((change) => {
    const found = pairs.filter((pair) => pair.change === change).length
    return found ? [`${count(found, 'cell')} ${SUMMED[change]}`] : []
  })
  return `${parts.join(', ')}.`
}

const SUMMED = {
  text: 'changed',
  outputs: 'with another output',
  added: 'only in the second',
  removed: 'only in the first',
}

const numberOf = (cells: Cell[], cell: Cell | null) => (cell ? cells.indexOf(cell) : '')
