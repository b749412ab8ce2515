// The portal's pages, drawn into the shells that the gateway serves.
import { render } from 'preact'
import '../styles/portal.css'
import { AccountPage } from './account'
import { ProjectAuditPage } from './audit'
import { DevicePage } from './device'
import { ProjectPage } from './project'
import { ProjectsPage } from './projects'
import { WorkspacePage } from './workspace'

const app = document.getElementById('app')
if (app) {
  const project = app.dataset.project ?? ''
  const pages: Record<string, preact.JSX.Element> = {
    projects: <ProjectsPage />,
    project: <ProjectPage project={project} />,
    audit: <ProjectAuditPage project={project} />,
    account: <AccountPage />,
    device: <DevicePage />,
    workspace: <WorkspacePage />,
  }
  const page = pages[app.dataset.page ?? '']
  app.replaceChildren()
  render(page ?? <ProjectsPage />, app)
}
