// One line of a chart: where it came from, how it looks, and its points.

export type Curve = {
  // The experiment that it is of.
  id: string
  name: string
  stroke: string
  dash: number[]
  step: Float64Array
  wall: Float64Array
  value: Float64Array
  low: Float64Array
  high: Float64Array
}

// Told apart by people who see colours differently (after Okabe and Ito), on white and on dark grey; from the eleventh on, dashed.
const COLOURS: [string, string][] = [
  ['#0072b2', '#56b4e9'],
  ['#d55e00', '#ff8c42'],
  ['#009e73', '#2fd1a5'],
  ['#a0457e', '#e58fc4'],
  ['#8a6d00', '#f0d050'],
  ['#4b4b9f', '#a9a9ff'],
  ['#7a3b00', '#d9a066'],
  ['#006d77', '#83d7df'],
  ['#9b1c31', '#ff8fa3'],
  ['#4d4d4d', '#c9c9c9'],
]
const DASHES: number[][] = [[], [8, 4], [2, 3], [10, 3, 2, 3]]

export function look(slot: number, dark: boolean): { stroke: string; dash: number[] } {
  const pair = COLOURS[slot % COLOURS.length] as [string, string]
  return { stroke: pair[dark ? 1 : 0], dash: DASHES[Math.floor(slot / COLOURS.length) % DASHES.length] as number[] }
}
