// What differs between experiments: attributes as rows, the first experiment as the one that others are measured against.
import type { Cell } from './query'

export type Attribute = {
  key: string
  label: string
  kind: string
  numbers: boolean
  values: (number | string)[]
  same: boolean
}

type Column = Cell & { kind: string }

export function attributes(columns: Column[], rows: number[]): Attribute[] {
  return columns
    .filter((column) => column.kind === 'parameter' || column.kind === 'metric')
    .map((column) => {
      const values = rows.map((row) => (column.nan?.(row) ? 'NaN' : column.at(row)))
      const same = values.every((value) => Object.is(value, values[0]))
      return { key: column.key, label: column.label, kind: column.kind, numbers: column.numbers, values, same }
    })
    .filter((attribute) => attribute.values.some(present))
}

export function present(value: number | string): boolean {
  return typeof value === 'number' ? !Number.isNaN(value) : value !== ''
}

// Greater is better for what is named so, and smaller for losses and errors; of other names nobody knows.
export function goalOf(label: string): 'up' | 'down' | null {
  const name = label.toLowerCase()
  if (/loss|error|perplexity|\b(mae|mse|rmse|nll|wer|cer)\b/.test(name)) return 'down'
  if (/acc|auc|f1|precision|recall|score|\b(map|iou|bleu|r2)\b/.test(name)) return 'up'
  return null
}

export function judged(goal: 'up' | 'down' | null, difference: number): 'better' | 'worse' | '' {
  if (!goal || !difference || Number.isNaN(difference)) return ''
  return difference > 0 === (goal === 'up') ? 'better' : 'worse'
}
