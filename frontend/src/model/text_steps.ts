// Which step of each logged text is looked at, as a piece of an address. Texts are named shortly: a whole run and tag are long.
import { short } from '../lib/short'

type Logged = { run: string; tag: string }
type Steps = ReadonlyMap<string, number>

const PART = /^([0-9a-z]{1,7})~(-?\d{1,15})$/

export function readSteps(text: string): Steps {
  return new Map(
    text.split(',').flatMap((part) => {
      const [, name, step] = PART.exec(part) ?? []
      return name === undefined ? [] : [[name, Number(step)]]
    }),
  )
}

export const stepOf = (steps: Steps, logged: Logged) => steps.get(nameOf(logged))

// Null: the newest one, whichever that comes to be.
export function withStep(steps: Steps, logged: Logged, step: number | null): string {
  const next = new Map(steps)
  if (step === null) next.delete(nameOf(logged))
  else next.set(nameOf(logged), step)
  return [...next].map(([name, at]) => `${name}~${at}`).join(',')
}

const nameOf = ({ run, tag }: Logged) => short(JSON.stringify([run, tag]))
