// Points of chosen metrics of chosen experiments, as columns: one entry for each experiment and metric that has any.
import { type Column, tableFromIPC } from '@uwdata/flechette'
import { ask } from './http'

export type Series = {
  id: string
  label: string
  step: Float64Array
  wall: Float64Array
  value: Float64Array
  low: Float64Array
  high: Float64Array
}

export async function readSeries(
  ids: string[],
  labels: string[],
  range: [number, number] | null,
  signal: AbortSignal,
): Promise<Series[]> {
  const asked = new URLSearchParams([...ids.map((id) => ['id', id]), ...labels.map((label) => ['label', label])])
  if (range) {
    asked.set('from', String(range[0]))
    asked.set('to', String(range[1]))
  }
  const answer = await ask(`series?${asked}`, { signal })
  const table = tableFromIPC(new Uint8Array(await answer.arrayBuffer()))
  const [experiment, label, step, wall, value, low, high] = table.names.map(
    (_name, index) => (table.getChildAt(index) as Column<number>).toArray() as Float64Array,
  )
  if (!experiment || !label || !step || !wall || !value) return []
  const found: Series[] = []
  for (let first = 0, end = 0; first < experiment.length; first = end) {
    while (end < experiment.length && experiment[end] === experiment[first] && label[end] === label[first]) end += 1
    const part = (column: Float64Array) => column.subarray(first, end)
    const values = part(value)
    found.push({
      id: ids[experiment[first] as number] as string,
      label: labels[label[first] as number] as string,
      step: part(step),
      wall: part(wall),
      value: values,
      // Where each row stands for itself alone, the server says its value once.
      low: low ? part(low) : values,
      high: high ? part(high) : values,
    })
  }
  return found
}
