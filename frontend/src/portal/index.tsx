// The portal's pages, drawn into the shells that the gateway serves.
import { render } from 'preact'
import '../styles/portal.css'
import { ProjectPage } from './project'
import { ProjectsPage } from './projects'

const app = document.getElementById('app')
if (app) {
  const project = app.dataset.project ?? ''
  app.replaceChildren()
  render(app.dataset.page === 'project' ? <ProjectPage project={project} /> : <ProjectsPage />, app)
}
