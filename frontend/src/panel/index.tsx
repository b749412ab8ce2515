// The entry that TensorBoard imports.
import { render as draw } from 'preact'
import css from '../styles/panel.css?inline'
import { Toast } from '../ui/toast'
import { followTheme, hearKeys, nameFrame } from './host'
import { Panel } from './panel'

export function render(): void {
  const style = document.createElement('style')
  style.textContent = css
  document.head.append(style)
  document.documentElement.lang = 'en'
  document.title = 'Experiments'
  nameFrame('Experiments')
  followTheme()
  hearKeys()
  draw(
    <>
      <Panel />
      <Toast />
    </>,
    document.body,
  )
}
