// A star, which everybody has for themselves.

type Props = { starred: boolean; tabIndex?: number; set: (starred: boolean) => void }

export function Star({ starred, tabIndex = 0, set }: Props) {
  return (
    <button
      type="button"
      class="star"
      tabIndex={tabIndex}
      aria-pressed={starred}
      aria-label="Star"
      title={starred ? 'Starred; only you see it' : 'Star it for yourself'}
      onClick={() => set(!starred)}
    >
      {starred ? '★' : '☆'}
    </button>
  )
}
