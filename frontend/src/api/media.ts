// What experiments logged besides scalars: images by run, tag and step, and texts.
import { inParts } from '../lib/parts'
import { askJson } from './http'

export type Logged = { label: string; run: string; tag: string }
export type LoggedImages = Logged & { samples: number }
export type Media = { id: string; images: LoggedImages[]; texts: Logged[]; tabs: Record<string, string[]> }
export type ImagePoint = { step: number; wall: number; samples: number }
export type RunImages = { run: string; points: ImagePoint[] }
export type TextPoint = { step: number; wall: number; text: string; cut: number }

export const MOST_EXPERIMENTS = 100
// The server reads addresses of about 4,000 characters, and names may be long and not ASCII.
const LONGEST_RUNS = 3000

export const readMedia = async (ids: string[]) =>
  (await askJson<{ experiments: Media[] }>(`media?${new URLSearchParams(ids.map((id) => ['id', id]))}`)).experiments

export const readImagePoints = async (tag: string, runs: string[]) => {
  const parts = inParts(runs, (run) => encodeURIComponent(run).length + 5, LONGEST_RUNS)
  const answers = await Promise.all(
    parts
      .map((part) => new URLSearchParams([['tag', tag], ...part.map((run) => ['run', run])]))
      .map((asked) => askJson<{ images: RunImages[] }>(`images?${asked}`)),
  )
  return answers.flatMap(({ images }) => images)
}

export const imageAddress = ({ run, tag }: Logged, step: number, sample: number) =>
  `image?${new URLSearchParams({ run, tag, step: String(step), sample: String(sample) })}`

export const readTexts = async ({ run, tag }: Logged) =>
  (await askJson<{ texts: TextPoint[] }>(`texts?${new URLSearchParams({ run, tag })}`)).texts
