// The projects that somebody may read.
import { readProjects } from '../api/rest'
import { VISIBILITIES } from '../lib/visibility'
import { Loaded, useLoad } from '../ui/use_load'
import { Frame } from './frame'

export function ProjectsPage() {
  const [load] = useLoad(readProjects, 'projects')
  return (
    <Frame>
      <h1>Projects</h1>
      <Loaded load={load} waiting="Reading your projects…">
        {(projects) =>
          projects.length === 0 ? (
            <p>You are in no project yet. Ask a project owner to invite you.</p>
          ) : (
            <ul class="cards">
              {projects.map((project) => (
                <li key={project.id}>
                  <a href={`/projects/${project.id}`} class="card-title">
                    {project.title}
                  </a>
                  <span class="muted">
                    {project.kind === 'upstream' ? 'in front of a running TensorBoard, ' : ''}
                    {VISIBILITIES[project.visibility].short} ·{' '}
                    {project.role ? `you are ${project.role}` : 'you have no role in it'}
                  </span>
                  <a href={project.open} class="primary">
                    Open TensorBoard
                  </a>
                </li>
              ))}
            </ul>
          )
        }
      </Loaded>
    </Frame>
  )
}
