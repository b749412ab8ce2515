// Texts that training logged, as they stand: nothing in them is taken for markup.
import { type Logged, readTexts, type TextPoint } from '../api/media'
import { count, formatTime } from '../lib/format'
import { readSteps, stepOf, withStep } from '../model/text_steps'
import { useAddress } from './use_address'
import { useAnswer } from './use_answer'

export function Texts({ texts }: { texts: Logged[] }) {
  return (
    <>
      {texts.map((logged) => (
        <Text key={JSON.stringify([logged.run, logged.tag])} logged={logged} />
      ))}
    </>
  )
}

function Text({ logged }: { logged: Logged }) {
  const load = useAnswer(() => readTexts(logged), JSON.stringify([logged.run, logged.tag]), logged.label)
  return (
    <section class="logged-text">
      <h2 class="break">{logged.label}</h2>
      {load.state === 'loading' && <p role="status">Reading the text…</p>}
      {load.state === 'failed' && <p class="error">{load.message}</p>}
      {load.state === 'ready' && load.value.length === 0 && <p class="muted">No text is kept.</p>}
      {load.state === 'ready' && load.value.length > 0 && <Steps logged={logged} points={load.value} />}
    </section>
  )
}

function Steps({ logged, points }: { logged: Logged; points: TextPoint[] }) {
  const { label } = logged
  const [said, say] = useAddress('texts', 'tweak')
  const steps = readSteps(said)
  const newest = points.length - 1
  const found = points.findLastIndex(({ step }) => step === stepOf(steps, logged))
  const at = found < 0 ? newest : found
  const choose = (index: number) =>
    say(withStep(steps, logged, index === newest ? null : (points[index]?.step ?? null)))
  const point = points[at] as TextPoint
  return (
    <>
      <p>
        {points.length > 1 && (
          <select
            aria-label={`Step of ${label}`}
            value={at}
            onChange={(event) => choose(Number(event.currentTarget.value))}
          >
            {points.map((each, index) => (
              <option key={index} value={index}>
                step {each.step}
              </option>
            ))}
          </select>
        )}{' '}
        <span class="muted">
          {points.length === 1 && `step ${point.step}, `}
          {formatTime(point.wall)}
        </span>
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard */}
      <pre class="text" tabIndex={0} role="group" aria-label={label}>
        {point.text}
      </pre>
      {point.cut > 0 && (
        <p class="muted">{count(point.cut, 'more character')} are not shown. TensorBoard’s Text tab has them all.</p>
      )}
    </>
  )
}
