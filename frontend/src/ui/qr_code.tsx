// An address as a QR code, dark on light in every theme so that cameras read it.
import { useEffect, useState } from 'preact/hooks'

export function QrCode({ text }: { text: string }) {
  const [rows, setRows] = useState<boolean[][]>([])
  useEffect(() => {
    import('uqr').then(({ encode }) => setRows(encode(text, { border: 2 }).data))
  }, [text])
  if (rows.length === 0) return null
  const path = rows.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return (
    <svg class="qr" viewBox={`0 0 ${rows.length} ${rows.length}`} role="img" aria-label="QR code of the address">
      <path d={path} />
    </svg>
  )
}
