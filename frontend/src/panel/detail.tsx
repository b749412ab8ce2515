// One experiment: what it was trained with, how it ended, its charts, images and texts, and the way to TensorBoard's own tabs.

import type { ComponentChildren, JSX } from 'preact'
import { useState } from 'preact/hooks'
import { readMedia } from '../api/media'
import {
  type Belongings,
  type Context,
  type Experiment,
  type Metric,
  readBelongings,
  readExperiment,
} from '../api/plugin'
import type { Place } from '../api/remarks'
import { count, formatDuration, formatNumber, formatTime } from '../lib/format'
import { isMonitoring } from '../model/chart_groups'
import { isNotebook } from '../model/file_kinds'
import { type Goal, goalIn, readLayout } from '../model/layout'
import { ownTabQuery, timeSeriesQuery } from '../model/time_series'
import { Name } from '../ui/name'
import { Tabs } from '../ui/tabs'
import { Artifacts } from './artifacts'
import { Charts } from './charts'
import { pageAddress } from './host'
import { Images } from './images'
import { useNotePlace } from './note_place'
import { Notebooks } from './notebooks'
import { Remarks } from './remarks'
import { Texts } from './texts'
import { Title } from './title'
import { isWriting, PLACE_OF_NOTE } from './unsaved'
import { useAddress } from './use_address'
import { useAnswer } from './use_answer'
import { type Gateway, type Said, useSaid } from './use_said'

type Props = {
  id: string
  gateway: Context['gateway']
  changed: () => void
  close: () => void
  // The experiment before or after this one in the table; empty if there is none.
  beside: (by: -1 | 1) => string
  go: (id: string) => void
}

export function Detail({ id, gateway, changed, close, beside, go }: Props) {
  const load = useAnswer(() => readExperiment(id), id, 'This experiment cannot be shown')
  const said = useSaid(gateway, id, changed)
  const about = useNotePlace(said ? said.place(PLACE_OF_NOTE) : '')
  const remarks = gateway && said && (
    <Remarks key={id} gateway={gateway} id={id} said={said} changed={changed} about={about} />
  )
  return (
    <main class="detail" aria-label="Experiment">
      <button type="button" class="quiet" onClick={close}>
        ← All experiments
      </button>
      {([-1, 1] as const).map(
        (by) =>
          beside(by) && (
            <button key={by} type="button" class="quiet" onClick={() => go(beside(by))}>
              {by < 0 ? 'Previous' : 'Next'} <kbd>{by < 0 ? '[' : ']'}</kbd>
            </button>
          ),
      )}
      {load.state === 'loading' && <p role="status">Reading the experiment…</p>}
      {load.state === 'failed' && (
        <div class="message">
          <h1>{load.title}</h1>
          <p>{load.message}</p>
        </div>
      )}
      {load.state === 'failed' && gateway && said && (
        <StillSaid key={id} id={id} gateway={gateway} said={said} remarks={remarks} />
      )}
      {load.state === 'ready' && (
        <Body
          experiment={load.value}
          title={<Title key={id} path={load.value.name} said={said} />}
          remarks={remarks}
          note={said?.may('comment') ? about.set : null}
        />
      )}
    </main>
  )
}

type StillProps = { id: string; gateway: Gateway; said: Said; remarks: JSX.Element | null }

// What people said, and are writing, of an experiment that went from the logs.
function StillSaid({ id, gateway, said: { seen }, remarks }: StillProps) {
  const [wasWriting] = useState(() => isWriting(gateway, id))
  return wasWriting || (seen && (seen.version > 0 || seen.notes > 0)) ? remarks : null
}

type Page = { id: string; title: string; body: () => ComponentChildren }

function Body({
  experiment,
  title,
  remarks,
  note,
}: {
  experiment: Experiment
  title: ComponentChildren
  remarks: ComponentChildren
  note: ((place: Place) => void) | null
}) {
  const { id, name } = experiment
  const [chosen, choose] = useAddress('page', 'step')
  const load = useAnswer(() => readMedia([id]), id, 'Images and texts')
  const media = load.state === 'ready' ? load.value[0] : undefined
  const lying = useAnswer(() => readBelongings(id), id, 'Files')
  const belongings = lying.state === 'ready' ? lying.value : null
  const all = experiment.metrics.map((metric) => metric.label)
  const labels = all.filter((label) => !isMonitoring(label))
  const monitored = all.filter(isMonitoring)
  const begin =
    note &&
    ((place: Place) => {
      note(place)
      choose('')
    })
  const onSteps = begin && ((steps: [number, number]) => begin({ steps }))
  const pages: Page[] = [
    { id: '', title: 'Overview', body: () => <Overview experiment={experiment} facts={belongings?.facts ?? {}} /> },
  ]
  const members = [{ id, name, stroke: '' }]
  if (labels.length > 0)
    pages.push({
      id: 'charts',
      title: 'Charts',
      body: () => <Charts key="charts" ids={[id]} nameOf={() => name} labels={labels} note={onSteps} />,
    })
  if (monitored.length > 0)
    pages.push({
      id: 'monitoring',
      title: 'Monitoring',
      body: () => <Charts key="monitoring" ids={[id]} nameOf={() => name} labels={monitored} note={onSteps} />,
    })
  if (media?.images.length)
    pages.push({ id: 'images', title: 'Images', body: () => <Images media={[media]} members={members} /> })
  if (media?.texts.length) pages.push({ id: 'text', title: 'Text', body: () => <Texts texts={media.texts} /> })
  if (belongings && belongings.files.length > 0)
    pages.push({ id: 'artifacts', title: 'Artifacts', body: () => <Artifacts id={id} {...belongings} /> })
  const notebooks = belongings?.contents ? belongings.files.filter(isNotebook) : []
  if (notebooks.length > 0)
    pages.push({
      id: 'notebooks',
      title: 'Notebooks',
      body: () => <Notebooks id={id} files={notebooks} note={begin && ((file, cell) => begin({ file, cell }))} />,
    })
  const page = pages.find((each) => each.id === chosen)
  return (
    <>
      {title}
      <p>
        <span class={`state ${experiment.state}`}>{experiment.state}</span>
        {experiment.started !== null && <> · started {formatTime(experiment.started)}</>}
        {experiment.duration !== null && <> · took {formatDuration(experiment.duration)}</>}
        {' · '}
        <code>{id}</code>
      </p>
      <OwnTabs experiment={experiment} tabs={media?.tabs ?? {}} />
      {experiment.warnings.map((warning) => (
        <p key={warning} class="error">
          {warning}
        </p>
      ))}
      <Tabs label="About this experiment" tabs={pages} chosen={page ? chosen : ''} choose={choose}>
        {!page && (load.state === 'loading' || (chosen !== '' && lying.state === 'loading')) ? (
          <p role="status">Looking for what was logged…</p>
        ) : (
          <>
            {!page && chosen === 'notebooks' && (
              <p class="muted">There is no notebook here that can be shown. This is the overview.</p>
            )}
            {(page ?? pages[0])?.body()}
          </>
        )}
        {load.state === 'failed' && <p class="error">Images and texts cannot be shown: {load.message}</p>}
        {lying.state === 'failed' && <p class="error">What lies beside the logs cannot be shown: {lying.message}</p>}
        {/* What somebody is writing stays while they look at another tab. */}
        <div hidden={Boolean(page?.id)}>{remarks}</div>
      </Tabs>
    </>
  )
}

const OWN_TABS: Record<string, string> = {
  graphs: 'Graphs',
  histograms: 'Histograms',
  distributions: 'Distributions',
  pr_curves: 'PR curves',
  audio: 'Audio',
  mesh: 'Mesh',
  custom_scalars: 'Custom scalars',
}

function OwnTabs({ experiment, tabs }: { experiment: Experiment; tabs: Record<string, string[]> }) {
  const there = { ...tabs, distributions: tabs.histograms }
  const links = Object.entries(OWN_TABS).flatMap(([tab, title]) => {
    const runs = there[tab as keyof typeof there]
    return runs ? [{ title, query: ownTabQuery(tab, runs) }] : []
  })
  const runs = experiment.runs.map((run) => run.name)
  if (Object.keys(experiment.params).length > 0)
    links.unshift({ title: 'HParams', query: ownTabQuery('hparams', runs) })
  return (
    <p class="own-tabs">
      <a class="primary" href={pageAddress(timeSeriesQuery(runs))} target="_top">
        Open in Time Series
      </a>
      {links.map(({ title, query }) => (
        <a key={title} href={pageAddress(query)} target="_top">
          {title}
        </a>
      ))}
    </p>
  )
}

function Overview({ experiment, facts }: { experiment: Experiment; facts: Belongings['facts'] }) {
  const [layout] = useAddress('columns', 'tweak')
  const goalOf = goalIn(readLayout(layout))
  const params = Object.entries(experiment.params).sort(([a], [b]) => a.localeCompare(b))
  return (
    <div class="halves">
      <div>
        <h2>Parameters</h2>
        {params.length === 0 ? (
          <p class="muted">
            None were found. Log them with hp.hparams or add_hparams, or put a config.json beside the event files.
          </p>
        ) : (
          <table class="plain">
            <tbody>
              {params.map(([name, value]) => (
                <tr key={name}>
                  <th scope="row" class="break">
                    {name}
                  </th>
                  <td class={typeof value === 'number' ? 'number' : 'break'}>
                    {typeof value === 'number' ? formatNumber(value) : String(value)}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {experiment.param_sources.length > 0 && (
          <p class="muted break">Found in {experiment.param_sources.join(', ')}.</p>
        )}
      </div>
      <div>
        <h2>Metrics, last and best value</h2>
        {experiment.metrics.length === 0 ? (
          <p class="muted">No scalars yet. Charts appear as soon as training logs a first one.</p>
        ) : (
          <table class="plain">
            <tbody>
              {experiment.metrics.map((metric) => (
                <tr key={metric.label}>
                  <th scope="row" class="break">
                    {metric.label}
                  </th>
                  <td class="number">{typeof metric.last === 'number' ? formatNumber(metric.last) : metric.last}</td>
                  <td class="muted">at step {metric.step}</td>
                  <td class="number">{best(metric, goalOf(metric.label))}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {Object.keys(facts).length > 0 && (
          <>
            <h2>Environment</h2>
            <table class="plain">
              <tbody>
                {Object.entries(facts).map(([name, value]) => (
                  <tr key={name}>
                    <th scope="row" class="break">
                      {name}
                    </th>
                    <td class="break">{value}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </>
        )}
        <h2>{count(experiment.runs.length, 'run')}</h2>
        <ul class="break">
          {experiment.runs.map((run) => (
            <li key={run.name}>
              <a href={pageAddress(timeSeriesQuery([run.name]))} target="_top">
                <Name text={run.suffix || run.name} />
              </a>{' '}
              <span class="muted">{count(run.tags, 'scalar tag')}</span>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

function best(metric: Metric, goal: Goal): string {
  const value = goal === 'down' ? metric.min : goal === 'up' ? metric.max : undefined
  const step = goal === 'down' ? metric.min_step : metric.max_step
  return typeof value === 'number' ? `best ${formatNumber(value)} at step ${step}` : ''
}
