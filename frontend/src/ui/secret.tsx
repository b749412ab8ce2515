// Something that is shown once and copied: an address or a token.
import { useRef, useState } from 'preact/hooks'

export function Secret({ label, value }: { label: string; value: string }) {
  const [copied, setCopied] = useState('')
  const field = useRef<HTMLInputElement>(null)
  async function copy() {
    field.current?.select()
    try {
      await navigator.clipboard.writeText(value)
      setCopied('Copied.')
    } catch {
      setCopied('Press Ctrl+C to copy.')
    }
  }
  return (
    <div class="made">
      <label>
        {label}
        <input ref={field} type="text" readOnly value={value} onFocus={(event) => event.currentTarget.select()} />
      </label>
      <button type="button" class="primary" onClick={copy}>
        Copy
      </button>{' '}
      <output>{copied}</output>
    </div>
  )
}
