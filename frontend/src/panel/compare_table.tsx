// Attributes as rows, experiments as columns, the first one as what others are measured against; only what differs, unless asked.

import type { look } from '../lib/curve'
import { formatNumber } from '../lib/format'
import { type Attribute, judged, present } from '../model/comparison'
import type { Goal } from '../model/layout'
import { partOf } from '../model/statistics'
import { difference } from '../model/text_difference'
import { AlsoEqual } from './also_equal'
import { useAddress } from './use_address'

type Props = {
  ids: string[]
  attributes: Attribute[]
  nameOf: (id: string) => string
  lookOf: (id: string) => ReturnType<typeof look>
  goalOf: (label: string) => Goal
  open: (id: string) => void
  lit: string
  setLit: (id: string) => void
}

export function CompareTable({ ids, attributes, nameOf, lookOf, goalOf, open, lit, setLit }: Props) {
  const [equal, setEqual] = useAddress('equal', 'tweak')
  const everything = equal !== ''
  const shown = attributes.filter((attribute) => everything || !attribute.same)
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard */}
      <div class="compare-table" tabIndex={0} role="group" aria-label="What differs">
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">
                <AlsoEqual
                  count={attributes.filter((attribute) => attribute.same).length}
                  equal={equal}
                  set={setEqual}
                />
              </th>
              {ids.map((id) => (
                <th
                  key={id}
                  scope="col"
                  class={id === lit ? 'break lit' : 'break'}
                  onPointerEnter={() => setLit(id)}
                  onPointerLeave={() => setLit('')}
                >
                  <span class="swatch" style={{ background: lookOf(id).stroke }} aria-hidden="true" />
                  <button type="button" class="name" onClick={() => open(id)}>
                    {nameOf(id)}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((attribute) => (
              <Row
                key={attribute.key}
                attribute={attribute}
                goal={goalOf(partOf(attribute.key)?.label ?? attribute.label)}
                ids={ids}
                lit={lit}
                setLit={setLit}
              />
            ))}
          </tbody>
        </table>
      </div>
      {shown.length === 0 && <p class="muted">Nothing differs between them.</p>}
    </>
  )
}

type RowProps = Pick<Props, 'ids' | 'lit' | 'setLit'> & { attribute: Attribute; goal: Goal }

function Row({ attribute, goal, ids, lit, setLit }: RowProps) {
  const base = attribute.values[0]
  return (
    <tr class={attribute.kind}>
      <th scope="row" class="break">
        {attribute.label}
      </th>
      {attribute.values.map((value, index) => {
        const apart = index > 0 && typeof value === 'number' && typeof base === 'number' ? value - base : Number.NaN
        const found = attribute.kind === 'metric' ? judged(goal, apart) : ''
        return (
          <td
            key={index}
            class={[
              attribute.numbers ? 'number' : 'break',
              Object.is(value, base) ? '' : 'changed',
              lit !== '' && ids[index] === lit ? 'lit' : '',
            ].join(' ')}
            onPointerEnter={() => setLit(ids[index] ?? '')}
            onPointerLeave={() => setLit('')}
          >
            <Value value={value} base={index > 0 ? base : undefined} />
            {!Number.isNaN(apart) && apart !== 0 && (
              <span class={`delta ${found}`}>
                {' '}
                {apart > 0 ? '+' : ''}
                {formatNumber(apart)}
                {found && ` ${found}`}
              </span>
            )}
          </td>
        )
      })}
    </tr>
  )
}

function Value({ value, base }: { value: number | string; base: number | string | undefined }) {
  if (!present(value)) return <>–</>
  if (typeof value === 'number') return <>{formatNumber(value)}</>
  if (typeof base !== 'string' || base === '' || base === value) return <>{value}</>
  return (
    <>
      {difference(value, base).map((part, index) => (part.changed ? <mark key={index}>{part.text}</mark> : part.text))}
    </>
  )
}
