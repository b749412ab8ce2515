// TensorBoard's smoothing: an exponential moving average that is not drawn towards zero at its beginning; what is no number stays as it is.

export function smoothed(values: ArrayLike<number>, weight: number): Float64Array {
  const result = new Float64Array(values.length)
  let last = 0
  let count = 0
  for (let index = 0; index < values.length; index += 1) {
    const value = values[index] as number
    if (!Number.isFinite(value)) {
      result[index] = value
      continue
    }
    last = last * weight + (1 - weight) * value
    count += 1
    result[index] = weight === 0 ? value : last / (1 - weight ** count)
  }
  return result
}
