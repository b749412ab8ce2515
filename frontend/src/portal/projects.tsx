// The projects that somebody has a role in.
import { useEffect, useState } from 'preact/hooks'
import { type Project, readProjects } from '../api/rest'
import type { Load } from '../lib/load'
import { Failed, Frame } from './frame'

export function ProjectsPage() {
  const [load, setLoad] = useState<Load<Project[]>>({ state: 'loading' })
  useEffect(() => {
    readProjects().then(
      (value) => setLoad({ state: 'ready', value }),
      (failure: Error) => setLoad({ state: 'failed', title: '', message: failure.message }),
    )
  }, [])
  return (
    <Frame>
      <h1>Projects</h1>
      {load.state === 'loading' && <p role="status">Reading your projects…</p>}
      {load.state === 'failed' && <Failed message={load.message} />}
      {load.state === 'ready' && load.value.length === 0 && (
        <p>You are in no project yet. Ask a project owner to invite you.</p>
      )}
      {load.state === 'ready' && (
        <ul class="cards">
          {load.value.map((project) => (
            <li key={project.id}>
              <a href={`/projects/${project.id}`} class="card-title">
                {project.title}
              </a>
              <span class="muted">
                {project.kind === 'upstream' ? 'in front of a running TensorBoard' : 'private'} · you are {project.role}
              </span>
              <a href={project.open} class="primary">
                Open TensorBoard
              </a>
            </li>
          ))}
        </ul>
      )}
    </Frame>
  )
}
