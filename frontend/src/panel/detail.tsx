// One experiment: what it was trained with, how it ended, its runs, and the way to TensorBoard's own tabs.
import type { ComponentChildren } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { type Context, type Experiment, type Metric, readExperiment } from '../api/plugin'
import { count, formatDuration, formatNumber, formatTime } from '../lib/format'
import type { Load } from '../lib/load'
import { goalOf } from '../model/comparison'
import { timeSeriesQuery } from '../model/time_series'
import { Charts } from './charts'
import { pageAddress } from './host'
import { Remarks } from './remarks'
import { Title } from './title'
import { useSaid } from './use_said'

type Props = { id: string; gateway: Context['gateway']; changed: () => void; close: () => void }

export function Detail({ id, gateway, changed, close }: Props) {
  const [load, setLoad] = useState<Load<Experiment>>({ state: 'loading' })
  const said = useSaid(gateway, id, changed)
  useEffect(() => {
    let current = true
    setLoad({ state: 'loading' })
    readExperiment(id).then(
      (value) => current && setLoad({ state: 'ready', value }),
      (failure: Error) =>
        current && setLoad({ state: 'failed', title: 'This experiment cannot be shown', message: failure.message }),
    )
    return () => {
      current = false
    }
  }, [id])
  return (
    <main class="detail" aria-label="Experiment">
      <button type="button" class="quiet" onClick={close}>
        ← All experiments
      </button>
      {load.state === 'loading' && <p role="status">Reading the experiment…</p>}
      {load.state === 'failed' && (
        <div class="message">
          <h1>{load.title}</h1>
          <p>{load.message}</p>
        </div>
      )}
      {load.state === 'ready' && (
        <Body experiment={load.value} title={<Title key={id} path={load.value.name} said={said} />} />
      )}
      {load.state === 'ready' && gateway && said && (
        <Remarks key={id} gateway={gateway} id={id} said={said} changed={changed} />
      )}
    </main>
  )
}

function Body({ experiment, title }: { experiment: Experiment; title: ComponentChildren }) {
  const params = Object.entries(experiment.params).sort(([a], [b]) => a.localeCompare(b))
  const runs = experiment.runs.map((run) => run.name)
  const labels = experiment.metrics.map((metric) => metric.label)
  return (
    <>
      {title}
      <p>
        <span class={`state ${experiment.state}`}>{experiment.state}</span>
        {experiment.started !== null && <> · started {formatTime(experiment.started)}</>}
        {experiment.duration !== null && <> · took {formatDuration(experiment.duration)}</>}
        {' · '}
        <code>{experiment.id}</code>
      </p>
      <p>
        <a class="primary" href={pageAddress(timeSeriesQuery(runs))} target="_top">
          Open in Time Series
        </a>
      </p>
      {experiment.warnings.map((warning) => (
        <p key={warning} class="error">
          {warning}
        </p>
      ))}
      <Charts ids={[experiment.id]} nameOf={() => experiment.name} labels={labels} />
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
                    <th scope="row">{name}</th>
                    <td class={typeof value === 'number' ? 'number' : ''}>
                      {typeof value === 'number' ? formatNumber(value) : String(value)}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </div>
        <div>
          <h2>Metrics, last and best value</h2>
          {experiment.metrics.length === 0 ? (
            <p class="muted">No scalars yet.</p>
          ) : (
            <table class="plain">
              <tbody>
                {experiment.metrics.map((metric) => (
                  <tr key={metric.label}>
                    <th scope="row">{metric.label}</th>
                    <td class="number">{typeof metric.last === 'number' ? formatNumber(metric.last) : metric.last}</td>
                    <td class="muted">at step {metric.step}</td>
                    <td class="number">{best(metric)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
          <h2>{count(runs.length, 'run')}</h2>
          <ul class="break">
            {experiment.runs.map((run) => (
              <li key={run.name}>
                <a href={pageAddress(timeSeriesQuery([run.name]))} target="_top">
                  {run.suffix || run.name}
                </a>{' '}
                <span class="muted">{count(run.tags, 'scalar tag')}</span>
              </li>
            ))}
          </ul>
        </div>
      </div>
    </>
  )
}

function best(metric: Metric): string {
  const goal = goalOf(metric.label)
  const value = goal === 'down' ? metric.min : goal === 'up' ? metric.max : undefined
  const step = goal === 'down' ? metric.min_step : metric.max_step
  return typeof value === 'number' ? `best ${formatNumber(value)} at step ${step}` : ''
}
