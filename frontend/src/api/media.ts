// What experiments logged besides scalars: images by run, tag and step, and texts.
import { askJson } from './http'

export type Logged = { label: string; run: string; tag: string }
export type LoggedImages = Logged & { samples: number }
export type Media = { id: string; images: LoggedImages[]; texts: Logged[]; tabs: Record<string, string[]> }
export type ImagePoint = { step: number; wall: number; samples: number }
export type RunImages = { run: string; points: ImagePoint[] }
export type TextPoint = { step: number; wall: number; text: string; cut: number }

export const MOST_EXPERIMENTS = 100

export const readMedia = async (ids: string[]) =>
  (await askJson<{ experiments: Media[] }>(`media?${new URLSearchParams(ids.map((id) => ['id', id]))}`)).experiments

export const readImagePoints = async (tag: string, runs: string[]) => {
  const asked = new URLSearchParams([['tag', tag], ...runs.map((run) => ['run', run])])
  return (await askJson<{ images: RunImages[] }>(`images?${asked}`)).images
}

export const imageAddress = ({ run, tag }: Logged, step: number, sample: number) =>
  `image?${new URLSearchParams({ run, tag, step: String(step), sample: String(sample) })}`

export const readTexts = async ({ run, tag }: Logged) =>
  (await askJson<{ texts: TextPoint[] }>(`texts?${new URLSearchParams({ run, tag })}`)).texts
