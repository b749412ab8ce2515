// What lies beside the event files: names, sizes and times. The files themselves stay where they are.
import type { Belongings } from '../api/plugin'
import { formatBytes, formatTime } from '../lib/format'

export function Artifacts({ files, more }: Belongings) {
  return (
    <>
      <p class="muted">
        These lie beside the event files. They are not served here; fetch them from where training wrote them.
        {more && ` There are more; the first ${files.length} are listed.`}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard */}
      <div class="scroll" tabIndex={0} role="group" aria-label="Files">
        <table class="plain">
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">Size</th>
              <th scope="col">Written</th>
            </tr>
          </thead>
          <tbody>
            {files.map((file) => (
              <tr key={file.name}>
                <th scope="row" class="break">
                  {file.name}
                </th>
                <td class="number">{formatBytes(file.size)}</td>
                <td>{formatTime(file.modified)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}
