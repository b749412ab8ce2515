// How far the logs were read, in a sentence; empty when there is nothing to say.
type Reading = { state: string; files: number; files_done: number; bytes: number; bytes_done: number }

export function readingOf(index: Reading): string {
  if (index.state === 'starting') return 'Looking for logs…'
  if (index.state !== 'indexing' && index.state !== 'reading') return ''
  if (index.files === 0) return 'Reading logs. Values appear as they are read.'
  const share = index.bytes > 0 ? Math.floor((100 * index.bytes_done) / index.bytes) : 0
  return `Reading logs: ${index.files_done} of ${index.files} files, ${share} %. Values appear as they are read.`
}
