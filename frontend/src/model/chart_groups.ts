// Which metrics share a chart: the same tag of different splits, such as train/epoch_loss and validation/epoch_loss.

const SPLITS = new Set(['train', 'training', 'validation', 'val', 'valid', 'eval', 'evaluation', 'test'])

export type Group = { title: string; labels: string[] }

export function splitOf(label: string): string {
  return label.split('/').find((part) => SPLITS.has(part.toLowerCase())) ?? ''
}

// What machines were doing, not what was learnt.
export function isMonitoring(label: string): boolean {
  const split = splitOf(label)
  return /^(system|sys|monitoring)\/./i.test(label.startsWith(`${split}/`) ? label.slice(split.length + 1) : label)
}

export function grouped(labels: string[]): Group[] {
  const groups = new Map<string, string[]>()
  for (const label of labels) {
    const split = splitOf(label)
    const title = split
      ? label
          .split('/')
          .filter((part) => part !== split)
          .join('/') || label
      : label
    groups.set(title, [...(groups.get(title) ?? []), label])
  }
  return [...groups].map(([title, members]) => ({ title, labels: members }))
}
