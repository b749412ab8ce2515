// Which metrics share a chart: the same tag of different splits, such as train/epoch_loss and validation/epoch_loss, or train_acc and
// val_acc, or Loss_train/Loss and Loss_validation/Loss.

const SPLITS = ['train', 'training', 'validation', 'val', 'valid', 'eval', 'evaluation', 'test']
const WHOLE = new Set(SPLITS)
const BEFORE = new RegExp(`^(${SPLITS.join('|')})_(.+)$`, 'i')
const AFTER = new RegExp(`^(.+)_(${SPLITS.join('|')})$`, 'i')
// Of what is logged at steps and at epochs, Lightning names both; validation has epochs alone.
const OF_EPOCHS = /_epoch$/

export type Group = { title: string; labels: string[] }

type Named = { split: string; rest: string }

function named(label: string): Named {
  const parts = label.split('/')
  const whole = parts.find((part) => WHOLE.has(part.toLowerCase()))
  if (whole) return { split: whole, rest: joined(parts.filter((part) => part !== whole)) }
  for (const [at, part] of parts.entries()) {
    const before = BEFORE.exec(part)
    const after = before ? null : AFTER.exec(part)
    const [split, base] = before ? [before[1], before[2]] : after ? [after[2], after[1]] : []
    if (split && base) return { split, rest: joined(parts.with(at, base.replace(OF_EPOCHS, ''))) }
  }
  return { split: '', rest: label }
}

function joined(parts: string[]): string {
  return parts.filter((part, at) => part !== parts[at - 1]).join('/')
}

export function splitOf(label: string): string {
  return named(label).split
}

// What machines were doing, not what was learnt.
export function isMonitoring(label: string): boolean {
  const split = splitOf(label)
  return /^(system|sys|monitoring)\/./i.test(label.startsWith(`${split}/`) ? label.slice(split.length + 1) : label)
}

export function grouped(labels: string[]): Group[] {
  const groups = new Map<string, string[]>()
  for (const label of labels) {
    const title = named(label).rest || label
    groups.set(title, [...(groups.get(title) ?? []), label])
  }
  return [...groups].map(([title, members]) => ({ title: titled(title, members), labels: members }))
}

// Alone, what says its split within a word is called as it was logged.
function titled(title: string, [only = '', ...others]: string[]): string {
  const isWithin = !only.split('/').some((part) => WHOLE.has(part.toLowerCase()))
  return others.length === 0 && isWithin ? only : title
}

// What tells a line of a group from its others.
export function lineOf(label: string, labels: string[]): string {
  const split = splitOf(label)
  return split && labels.every((each) => each === label || splitOf(each) !== split) ? split : label
}
