// Images of one or several experiments side by side, all moved by one step slider.
import { useState } from 'preact/hooks'
import { imageAddress, type LoggedImages, type Media, type RunImages, readImagePoints } from '../api/media'
import { formatTime } from '../lib/format'
import { newestUpTo, read, type Shown, stepsOf, written } from '../model/image_steps'
import { useAddress } from './use_address'
import { useAnswer } from './use_answer'

const AT_ONCE = 24
const HALF = 50

export type Member = { id: string; name: string; stroke: string }
type Place = { key: string; title: string; stroke: string; logged: LoggedImages }
type Props = { media: Media[]; members: Member[] }

export function Images({ media, members }: Props) {
  const [address, setAddress] = useAddress('images', 'tweak')
  const shown = read(address)
  const labels = [...new Set(media.flatMap((each) => each.images.map((image) => image.label)))].sort()
  const alone = members.length === 1
  // One experiment shows all that it has; several show one kind of image, to be compared.
  const label = labels.includes(shown.label) ? shown.label : alone ? '' : (labels[0] ?? '')
  const places = placesOf(media, members, label)
  const change = (part: Partial<Shown>) => setAddress(written({ ...shown, label, ...part }))
  if (labels.length === 0)
    return <p class="muted">No images yet. They appear here when training logs some, such as with add_image.</p>
  return (
    <>
      <div class="bar image-bar">
        <label>
          Show{' '}
          <select value={label} onChange={(event) => change({ label: event.currentTarget.value, step: null })}>
            {alone && <option value="">All images</option>}
            {labels.map((each) => (
              <option key={each} value={each}>
                {each}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Steps
        key={label}
        places={places.slice(0, AT_ONCE)}
        shown={{ ...shown, label }}
        change={change}
        left={places.length - AT_ONCE}
      />
    </>
  )
}

function placesOf(media: Media[], members: Member[], label: string): Place[] {
  const several = members.length > 1
  return members.flatMap((member) => {
    const images = media.find((each) => each.id === member.id)?.images ?? []
    const wanted = images.filter((image) => label === '' || image.label === label)
    // Of two runs with one label the last one counts, as in the table.
    return (several ? wanted.slice(-1) : wanted).map((logged) => ({
      key: JSON.stringify([member.id, logged.run, logged.tag]),
      title: several ? member.name : logged.label,
      stroke: several ? member.stroke : '',
      logged,
    }))
  })
}

type StepsProps = { places: Place[]; shown: Shown; change: (part: Partial<Shown>) => void; left: number }

function Steps({ places, shown, change, left }: StepsProps) {
  const asked = JSON.stringify(places.map(({ logged }) => [logged.run, logged.tag]))
  const load = useAnswer(() => readPoints(places), asked, 'Images')
  if (load.state === 'loading') return <p role="status">Looking for images…</p>
  if (load.state === 'failed') return <p class="error">{load.message}</p>
  const pointsOf = ({ logged }: Place) => load.value.find((each) => isOf(each, logged))?.points ?? []
  const steps = stepsOf(places.map(pointsOf))
  const last = steps.at(-1)
  if (last === undefined) return <p class="muted">No image of this name is kept.</p>
  const step = newestUpTo(
    steps.map((each) => ({ step: each })),
    shown.step ?? last,
  )?.step
  const at = step === undefined ? 0 : steps.indexOf(step)
  const chosen = steps[at] as number
  const two = swiped(places)
  const most = Math.max(...places.flatMap((place) => pointsOf(place).map((point) => point.samples)))
  return (
    <>
      <div class="bar image-bar">
        <label class="step">
          <span>Step</span>
          <input
            type="range"
            min="0"
            max={steps.length - 1}
            value={at}
            disabled={steps.length === 1}
            aria-valuetext={`step ${chosen}`}
            onInput={(event) => change({ step: steps[Number(event.currentTarget.value)] ?? null })}
          />
          <output class="number">{chosen}</output>
        </label>
        {most > 1 && (
          <label>
            Image{' '}
            <select
              value={Math.min(shown.sample, most - 1)}
              onChange={(event) => change({ sample: Number(event.currentTarget.value) })}
            >
              {Array.from({ length: most }, (_, index) => (
                <option key={index} value={index}>
                  {index + 1} of {most}
                </option>
              ))}
            </select>
          </label>
        )}
        {two && (
          <button
            type="button"
            class="quiet"
            aria-pressed={shown.swipe !== null}
            onClick={() => change({ swipe: shown.swipe === null ? HALF : null })}
          >
            Swipe
          </button>
        )}
      </div>
      {two && shown.swipe !== null ? (
        <Swipe
          pictures={two.map((place) => ({ place, point: newestUpTo(pointsOf(place), chosen) }))}
          sample={Math.min(shown.sample, most - 1)}
          cut={shown.swipe}
          move={(swipe) => change({ swipe })}
        />
      ) : (
        <div class="images">
          {places.map((place) => (
            <Picture
              key={place.key}
              place={place}
              point={newestUpTo(pointsOf(place), chosen)}
              first={pointsOf(place)[0]?.step}
              sample={Math.min(shown.sample, most - 1)}
            />
          ))}
        </div>
      )}
      {left > 0 && (
        <p class="muted">
          {left} more are not shown. {AT_ONCE} are shown at once; choose fewer.
        </p>
      )}
    </>
  )
}

type PictureProps = {
  place: Place
  point: { step: number; wall: number; samples: number } | null
  first: number | undefined
  sample: number
}

function Picture({ place, point, first, sample }: PictureProps) {
  const [broken, setBroken] = useState('')
  const [small, setSmall] = useState(false)
  const { logged, title, stroke } = place
  const source = point && sample < point.samples ? imageAddress(logged, point.step, sample) : null
  return (
    <figure class="image">
      <figcaption class="break">
        {stroke && <span class="swatch" style={{ background: stroke }} aria-hidden="true" />}
        {title}
      </figcaption>
      {source === null && (
        <p class="muted">
          {first === undefined
            ? 'No image of this name.'
            : point
              ? 'Fewer images here.'
              : `The first is at step ${first}.`}
        </p>
      )}
      {source !== null && broken === source && <p class="error">This image cannot be shown. Choose another step.</p>}
      {source !== null && broken !== source && point && (
        <>
          <img
            src={source}
            class={small ? 'small' : ''}
            alt={`${stroke ? `${logged.label} of ${title}` : title} at step ${point.step}`}
            onLoad={(event) => setSmall(event.currentTarget.naturalWidth < event.currentTarget.clientWidth)}
            onError={() => setBroken(source)}
          />
          <span class="muted">
            step {point.step}, {formatTime(point.wall)}
          </span>
        </>
      )}
    </figure>
  )
}

type SwipeProps = {
  pictures: { place: Place; point: PictureProps['point'] }[]
  sample: number
  cut: number
  move: (cut: number) => void
}

// One image over the other; what lies on the left of the line is of the first, what lies on the right of the second.
function Swipe({ pictures, sample, cut, move }: SwipeProps) {
  // The address follows when the line is let go: browsers bear only so many changes of it a second.
  const [at, setAt] = useState(cut)
  const [small, setSmall] = useState(false)
  const names = pictures.map(({ place }) => place.title).join(' and ')
  const missing = pictures.filter(({ point }) => !point || sample >= point.samples)
  if (missing.length > 0)
    return <p class="muted break">{missing.map(({ place }) => place.title).join(' and ')}: no image at this step.</p>
  return (
    <figure class="image swipe">
      <figcaption class="break">
        {pictures.map(({ place, point }, index) => (
          <span key={place.key}>
            <span class="swatch" style={{ background: place.stroke }} aria-hidden="true" />
            {place.title} <span class="muted">step {point?.step}</span>
            {index === 0 && ' | '}
          </span>
        ))}
      </figcaption>
      <div class="stack">
        {pictures.map(({ place, point }, index) => (
          <img
            key={place.key}
            src={imageAddress(place.logged, point?.step ?? 0, sample)}
            class={small ? 'small' : ''}
            onLoad={(event) => setSmall(event.currentTarget.naturalWidth < event.currentTarget.clientWidth)}
            style={{ clipPath: index === 0 ? `inset(0 ${100 - at}% 0 0)` : `inset(0 0 0 ${at}%)` }}
            alt={`${place.logged.label} of ${place.title} at step ${point?.step}`}
          />
        ))}
        <span class="cut" style={{ left: `${at}%` }} />
        <input
          type="range"
          min="0"
          max="100"
          value={at}
          aria-label={`Swipe between ${names}`}
          aria-valuetext={`${at} % of the first`}
          onInput={(event) => setAt(Number(event.currentTarget.value))}
          onChange={(event) => move(Number(event.currentTarget.value))}
        />
      </div>
    </figure>
  )
}

// Two experiments, each with one image: they can lie over one another.
function swiped(places: Place[]): Place[] | null {
  const isTwo = places.length === 2 && places.every(({ stroke }) => stroke !== '')
  return isTwo ? places : null
}

type Found = RunImages & { tag: string }

async function readPoints(places: Place[]): Promise<Found[]> {
  const runsOf = new Map<string, string[]>()
  for (const { logged } of places) runsOf.set(logged.tag, [...(runsOf.get(logged.tag) ?? []), logged.run])
  const found = await Promise.all(
    [...runsOf].map(async ([tag, runs]) => (await readImagePoints(tag, runs)).map((each) => ({ ...each, tag }))),
  )
  return found.flat()
}

function isOf(found: Found, logged: LoggedImages): boolean {
  return found.run === logged.run && found.tag === logged.tag
}
