// The compared experiments by name and colour: what others are measured against, and what is taken out.
import type { look } from '../lib/curve'

const NAMED = 24

type Props = {
  ids: string[]
  nameOf: (id: string) => string
  lookOf: (id: string) => ReturnType<typeof look>
  setIds: ((ids: string[]) => void) | null
  open: (id: string) => void
  lit: string
  setLit: (id: string) => void
}

export function Chips({ ids, nameOf, lookOf, setIds, open, lit, setLit }: Props) {
  return (
    <ul class="chips" aria-label="Compared">
      {ids.slice(0, NAMED).map((id, index) => (
        <li
          key={id}
          class={id === lit ? 'chip lit' : 'chip'}
          onPointerEnter={() => setLit(id)}
          onPointerLeave={() => setLit('')}
        >
          <span class="swatch" style={{ background: lookOf(id).stroke }} aria-hidden="true" />
          <button type="button" class="name break" onClick={() => open(id)}>
            {nameOf(id)}
          </button>
          {setIds && (
            <span class="chip-deeds">
              {index === 0 ? (
                <span class="muted">measured against</span>
              ) : (
                <button type="button" class="quiet" onClick={() => setIds([id, ...ids.filter((each) => each !== id)])}>
                  Measure against this
                </button>
              )}
              <button
                type="button"
                class="quiet"
                aria-label={`Take ${nameOf(id)} out`}
                onClick={() => setIds(ids.filter((each) => each !== id))}
              >
                ×
              </button>
            </span>
          )}
        </li>
      ))}
      {ids.length > NAMED && <li class="muted">and {ids.length - NAMED} more</li>}
    </ul>
  )
}
