// Whether what is equal is shown as well as what differs.
type Props = { count: number; equal: string; set: (equal: string) => void }

export function AlsoEqual({ count, equal, set }: Props) {
  return (
    <label>
      <input
        type="checkbox"
        checked={equal !== ''}
        onChange={(event) => set(event.currentTarget.checked ? 'yes' : '')}
      />{' '}
      Also the {count} that {count === 1 ? 'is' : 'are'} equal
    </label>
  )
}
