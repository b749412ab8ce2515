// What owners decide: who may read the project without a role, who may comment, and how long its links live.
import { useState } from 'preact/hooks'
import { type ProjectDetail, setOpenness } from '../api/rest'
import { VISIBILITIES, type Visibility } from '../lib/visibility'
import { Problem, useDeed } from '../ui/use_load'

const DAY_S = 24 * 3600

export function OpennessForm({ detail, refresh }: { detail: ProjectDetail; refresh: () => Promise<void> }) {
  const { openness } = detail
  const [visibility, setVisibility] = useState<Visibility>(openness.visibility)
  const [usual, setUsual] = useState(days(openness.link_default_s))
  const [longest, setLongest] = useState(days(openness.link_max_s))
  const [comments, setComments] = useState(openness.viewers_comment)
  const [saved, setSaved] = useState(false)
  const deed = useDeed(refresh)
  const closed = openness.choices.length === 1
  async function submit(event: Event) {
    event.preventDefault()
    setSaved(false)
    const wish = {
      visibility,
      link_default_s: seconds(usual),
      link_max_s: seconds(longest),
      viewers_comment: comments,
    }
    if (await deed.run(() => setOpenness(detail.id, wish))) setSaved(true)
  }
  return (
    <section>
      <h2>Project settings</h2>
      <form onSubmit={submit}>
        <fieldset class="choices">
          <legend>Who may read it without a role</legend>
          {(Object.keys(VISIBILITIES) as Visibility[]).map((each) => (
            <label key={each}>
              <input
                type="radio"
                name="visibility"
                checked={visibility === each}
                disabled={!openness.choices.includes(each)}
                onChange={() => setVisibility(each)}
              />{' '}
              {VISIBILITIES[each].long}
            </label>
          ))}
          {closed && (
            <p class="muted">
              The settings of this server keep all projects private. An administrator can change that.
            </p>
          )}
        </fieldset>
        <fieldset class="choices">
          <legend>Who may comment</legend>
          <label>
            <input type="checkbox" checked={comments} onChange={(event) => setComments(event.currentTarget.checked)} />{' '}
            Viewers too may write notes on experiments. Visitors of links never do.
          </label>
        </fieldset>
        <div class="bar">
          <Days label="Links live, usually (days)" value={usual} set={setUsual} />
          <Days label="Links live, at most (days)" value={longest} set={setLongest} />
          <button type="submit" class="primary" disabled={deed.busy}>
            Save
          </button>
          <output>{saved && 'Saved.'}</output>
        </div>
        <Problem text={deed.error} />
      </form>
    </section>
  )
}

function Days({ label, value, set }: { label: string; value: string; set: (value: string) => void }) {
  return (
    <label>
      {label}
      <input
        type="number"
        min="0.01"
        step="any"
        placeholder="as the server says"
        value={value}
        onInput={(event) => set(event.currentTarget.value)}
      />
    </label>
  )
}

function days(time: number | null): string {
  return time === null ? '' : String(Number((time / DAY_S).toFixed(2)))
}

function seconds(text: string): number | null {
  return text === '' ? null : Math.round(Number(text) * DAY_S)
}
