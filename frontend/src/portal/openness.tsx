// What owners decide: who may read the project without a role, who may comment, and how long its links live.
import { useState } from 'preact/hooks'
import { type Openness, type ProjectDetail, saveOpenness } from '../api/rest'
import { changed } from '../lib/edits'
import { VISIBILITIES, type Visibility } from '../lib/visibility'
import { Problem, useDeed } from '../ui/use_load'

const DAY_S = 24 * 3600

// As it is chosen: days are what somebody wrote.
type Choice = { visibility: Visibility; usual: string; longest: string; comments: boolean }

export function OpennessForm({ detail, refresh }: { detail: ProjectDetail; refresh: () => Promise<void> }) {
  const { choices, ...opened } = detail.openness
  const [seen, setSeen] = useState<Openness>(opened)
  const [choice, setChoice] = useState(() => chosen(opened))
  const [theirs, setTheirs] = useState<Openness | null>(null)
  const [saved, setSaved] = useState(false)
  const deed = useDeed(refresh)
  const set = (part: Partial<Choice>) => setChoice({ ...choice, ...part })
  const take = (now: Openness) => {
    setSeen(now)
    setChoice(chosen(now))
    setTheirs(null)
  }
  async function save() {
    const wish = wished(choice, seen)
    const outcome = await saveOpenness(detail.id, wish, seen)
    const now = outcome.state === 'saved' ? outcome.now : outcome.theirs
    // Somebody wants the same, or it was saved before and the answer was lost.
    const isSaved = outcome.state === 'saved' || Object.keys(changed(wish, now)).length === 0
    setSaved(isSaved)
    if (isSaved) return take(now)
    // What somebody else decided holds where nothing else was chosen here.
    setChoice({ ...chosen(now), ...changed(choice, chosen(seen)) })
    setSeen(now)
    setTheirs(now)
  }
  function submit(event: Event) {
    event.preventDefault()
    setSaved(false)
    deed.run(save)
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
                checked={choice.visibility === each}
                disabled={!choices.includes(each)}
                onChange={() => set({ visibility: each })}
              />{' '}
              {VISIBILITIES[each].long}
            </label>
          ))}
          {choices.length === 1 && (
            <p class="muted">
              The settings of this server keep all projects private. An administrator can change that.
            </p>
          )}
        </fieldset>
        <fieldset class="choices">
          <legend>Who may comment</legend>
          <label>
            <input
              type="checkbox"
              checked={choice.comments}
              onChange={(event) => set({ comments: event.currentTarget.checked })}
            />{' '}
            Viewers too may write notes on experiments. Visitors of links never do.
          </label>
        </fieldset>
        <div class="bar">
          <Days label="Links live, usually (days)" value={choice.usual} set={(usual) => set({ usual })} />
          <Days label="Links live, at most (days)" value={choice.longest} set={(longest) => set({ longest })} />
        </div>
        {theirs && (
          <div class="conflict" role="alert">
            <p>Somebody else saved other settings while you were choosing. Yours are not saved yet.</p>
            <p class="muted">Theirs</p>
            <ul>
              <li>{VISIBILITIES[theirs.visibility].long}</li>
              <li>{theirs.viewers_comment ? 'Viewers may write notes.' : 'Viewers write no notes.'}</li>
              <li>Links live, usually: {inWords(theirs.link_default_s)}.</li>
              <li>Links live, at most: {inWords(theirs.link_max_s)}.</li>
            </ul>
          </div>
        )}
        <div class="bar">
          <button type="submit" class={theirs ? '' : 'primary'} disabled={deed.busy}>
            {theirs ? 'Save mine over theirs' : 'Save'}
          </button>
          {theirs && (
            <button type="button" disabled={deed.busy} onClick={() => take(theirs)}>
              Keep theirs
            </button>
          )}
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

function chosen(settings: Openness): Choice {
  return {
    visibility: settings.visibility,
    usual: days(settings.link_default_s),
    longest: days(settings.link_max_s),
    comments: settings.viewers_comment,
  }
}

// Days that nobody wrote anew are the seconds that they were, which two decimals may not say.
function wished(choice: Choice, seen: Openness): Openness {
  const was = chosen(seen)
  return {
    visibility: choice.visibility,
    link_default_s: choice.usual === was.usual ? seen.link_default_s : seconds(choice.usual),
    link_max_s: choice.longest === was.longest ? seen.link_max_s : seconds(choice.longest),
    viewers_comment: choice.comments,
  }
}

function inWords(time: number | null): string {
  return time === null ? 'as the server says' : `${days(time)} days`
}

function days(time: number | null): string {
  return time === null ? '' : String(Number((time / DAY_S).toFixed(2)))
}

function seconds(text: string): number | null {
  return text === '' ? null : Math.round(Number(text) * DAY_S)
}
