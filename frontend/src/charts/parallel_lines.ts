// Draws parallel coordinates: a line for each row over all axes, lines of one colour at once, and what is not kept faintly behind.

export type Lines = { places: Float64Array[]; rows: number; step: Int16Array; kept: Uint8Array }
export type Frame = { width: number; height: number; top: number; bottom: number; side: number }

export function acrossOf(axis: number, axes: number, { width, side }: Frame): number {
  return axes < 2 ? width / 2 : side + (axis * (width - 2 * side)) / (axes - 1)
}

export function downOf(place: number, { height, top, bottom }: Frame): number {
  return height - bottom - place * (height - top - bottom)
}

export function placeAt(down: number, { height, top, bottom }: Frame): number {
  return Math.min(1, Math.max(0, (height - bottom - down) / (height - top - bottom)))
}

export function drawLines(
  canvas: HTMLCanvasElement,
  lines: Lines,
  frame: Frame,
  colours: (step: number) => string,
  // The row that stands out; -1 for none.
  pointed = -1,
): void {
  const context = canvas.getContext('2d')
  if (!context) return
  const ratio = window.devicePixelRatio || 1
  canvas.width = frame.width * ratio
  canvas.height = frame.height * ratio
  context.scale(ratio, ratio)
  const buckets = new Map<number, number[]>()
  for (let row = 0; row < lines.rows; row += 1) {
    const bucket = lines.kept[row] ? (lines.step[row] as number) : Number.NEGATIVE_INFINITY
    const there = buckets.get(bucket)
    if (there) there.push(row)
    else buckets.set(bucket, [row])
  }
  for (const [step, rows] of [...buckets].sort(([one], [other]) => one - other)) {
    const faint = step === Number.NEGATIVE_INFINITY
    context.globalAlpha = faint ? 0.08 : Math.max(0.25, Math.min(1, 60 / rows.length))
    context.strokeStyle = colours(faint ? -1 : step)
    context.lineWidth = faint ? 1 : 1.5
    context.beginPath()
    for (const row of rows) trace(context, lines, row, frame)
    context.stroke()
  }
  if (pointed < 0) return
  context.globalAlpha = 1
  context.strokeStyle = colours(lines.step[pointed] as number)
  context.lineWidth = 4
  context.beginPath()
  trace(context, lines, pointed, frame)
  context.stroke()
}

// What has no place on an axis leaves a gap there.
function trace(context: CanvasRenderingContext2D, { places }: Lines, row: number, frame: Frame): void {
  let pen = false
  places.forEach((along, axis) => {
    const place = along[row] as number
    if (Number.isNaN(place)) {
      pen = false
      return
    }
    const [x, y] = [acrossOf(axis, places.length, frame), downOf(place, frame)]
    if (pen) context.lineTo(x, y)
    else context.moveTo(x, y)
    pen = true
  })
}
