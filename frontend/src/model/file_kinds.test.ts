import { expect, it } from 'vitest'
import { isNotebook, shownAs } from './file_kinds'

it('goes by the end of the name, whatever stands before', () => {
  expect(shownAs('a.png/config.YAML')).toEqual({ as: 'text' })
  expect(shownAs('notes.md')).toEqual({ as: 'markdown' })
  expect(shownAs('plots/roc.JPG')).toEqual({ as: 'image', type: 'image/jpeg' })
  expect(shownAs('README')).toEqual({ as: 'text' })
  for (const name of ['best.pt', 'best', 'dir.txt/best', 'drawing.svg', 'a.constructor', 'run.ipynb', ''])
    expect(shownAs(name)).toBeNull()
  expect(isNotebook({ name: '_tb_share/notebooks/train/0001.ipynb' })).toBe(true)
  expect(isNotebook({ name: 'ipynb' })).toBe(false)
})
