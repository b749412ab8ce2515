// TensorBoard's own address of the Time Series tab with just these runs: its run filter is a regular expression.

export function timeSeriesQuery(runs: string[]): string {
  const names = runs.map((run) => run.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return `?runFilter=${encodeURIComponent(`^(${names.join('|')})$`)}#timeseries`
}
