// Addresses of TensorBoard's own tabs with just these runs: their run filters are regular expressions.

export function timeSeriesQuery(runs: string[]): string {
  return `?runFilter=${encodeURIComponent(only(runs))}#timeseries`
}

// The tabs that tell which runs they show by their own part of the fragment.
export function ownTabQuery(tab: string, runs: string[]): string {
  const filter = encodeURIComponent(only(runs))
  if (tab === 'graphs') return `?runFilter=${filter}#graphs&run=${encodeURIComponent(runs[0] ?? '')}`
  return `?runFilter=${filter}#${tab}&regexInput=${filter}`
}

function only(runs: string[]): string {
  return `^(${runs.map((run) => run.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})$`
}
