// Values as people read them. Numbers keep their digits aligned by CSS; here they keep to a sensible count.

export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return ''
  if (!Number.isFinite(value)) return value > 0 ? '∞' : '−∞'
  if (value === 0) return '0'
  const size = Math.abs(value)
  if (Number.isInteger(value) && size < 1e9) return String(value)
  if (size >= 1e6 || size < 1e-4) return value.toExponential(3)
  return String(Number(value.toPrecision(5)))
}

export function formatDuration(seconds: number): string {
  if (Number.isNaN(seconds)) return ''
  const whole = Math.round(seconds)
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`
}

const BYTES = ['B', 'kB', 'MB', 'GB', 'TB']

export function formatBytes(size: number): string {
  const power = size < 1 ? 0 : Math.min(BYTES.length - 1, Math.floor(Math.log10(size) / 3))
  const value = size / 1000 ** power
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${BYTES[power]}`
}

export function formatTime(unixSeconds: number): string {
  if (Number.isNaN(unixSeconds)) return ''
  const time = new Date(unixSeconds * 1000)
  const two = (part: number) => String(part).padStart(2, '0')
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}`
}

export function count(howMany: number, one: string, many = `${one}s`): string {
  return `${howMany} ${howMany === 1 ? one : many}`
}
