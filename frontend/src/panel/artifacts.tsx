// What lies beside the event files: names, sizes and times, and where the server hands files out, a look at one and the way to keep it.

import { useEffect, useMemo } from 'preact/hooks'
import { type Belongings, fileAddress, type LyingFile, readFile } from '../api/plugin'
import { formatBytes, formatTime } from '../lib/format'
import { type Shown, shownAs } from '../model/file_kinds'
import { Markdown } from '../ui/markdown'
import { Name } from '../ui/name'
import { useAddress } from './use_address'
import { useOnce } from './use_once'

const MOST_TEXT = 200_000
const MOST_IMAGE = 20_000_000

export function Artifacts({ id, files, more, contents }: Belongings & { id: string }) {
  const [chosen, choose] = useAddress('file', 'step')
  const looked = contents ? files.find((file) => file.name === chosen) : undefined
  const kind = looked && shownAs(looked.name)
  return (
    <>
      {looked && kind && <Look key={looked.name} id={id} file={looked} kind={kind} close={() => choose('')} />}
      <p class="muted">
        These lie beside the event files.
        {!contents && ' They are not handed out here; fetch them from where training wrote them.'}
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
              {contents && (
                <th scope="col">
                  <span class="hidden">Action</span>
                </th>
              )}
            </tr>
          </thead>
          <tbody>
            {files.map((file) => (
              <tr key={file.name}>
                <th scope="row" class="break">
                  <Name text={file.name} />
                </th>
                <td class="number">{formatBytes(file.size)}</td>
                <td>{formatTime(file.modified)}</td>
                {contents && (
                  <td>
                    <Download id={id} name={file.name} />{' '}
                    {shownAs(file.name) && (
                      <button
                        type="button"
                        class="quiet"
                        aria-label={`Look at ${file.name}`}
                        aria-pressed={file === looked}
                        onClick={() => choose(file === looked ? '' : file.name)}
                      >
                        Look
                      </button>
                    )}
                  </td>
                )}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

export function Download({ id, name }: { id: string; name: string }) {
  return (
    <a href={fileAddress(id, name)} download={name.slice(name.lastIndexOf('/') + 1)} aria-label={`Download ${name}`}>
      Download
    </a>
  )
}

type LookProps = { id: string; file: LyingFile; kind: Shown; close: () => void }

function Look({ id, file, kind, close }: LookProps) {
  return (
    <section class="look">
      <h2 class="break">
        <Name text={file.name} />
      </h2>
      <p>
        <Download id={id} name={file.name} />{' '}
        <button type="button" class="quiet" onClick={close}>
          Close
        </button>
      </p>
      {kind.as === 'image' && file.size > MOST_IMAGE ? (
        <p class="muted">It is too large to be shown here. Download it to see it.</p>
      ) : (
        <Content id={id} file={file} kind={kind} />
      )}
    </section>
  )
}

function Content({ id, file, kind }: Omit<LookProps, 'close'>) {
  const about = JSON.stringify([id, file.name, file.modified, file.size])
  const load = useOnce(() => readFile(id, file.name, kind.as === 'image' ? undefined : MOST_TEXT), about, file.name)
  if (load.state === 'loading') return <p role="status">Reading the file…</p>
  if (load.state === 'failed') return <p class="error">{load.message}</p>
  if (load.value.length === 0) return <p class="muted">It is empty.</p>
  if (kind.as === 'image') return <Picture bytes={load.value} type={kind.type} name={file.name} />
  // The last character may have been cut in two; it waits for the rest.
  const text = new TextDecoder().decode(load.value, { stream: true })
  return (
    <>
      {kind.as === 'markdown' ? (
        <Markdown text={text} />
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be reached by keyboard
        <pre class="text" tabIndex={0} role="group" aria-label={`Text of ${file.name}`}>
          {text}
        </pre>
      )}
      {file.size > MOST_TEXT && (
        <p class="muted">
          This is the beginning of it, {formatBytes(MOST_TEXT)} of {formatBytes(file.size)}. Download it to have it all.
        </p>
      )}
    </>
  )
}

function Picture({ bytes, type, name }: { bytes: Uint8Array<ArrayBuffer>; type: string; name: string }) {
  const address = useMemo(() => URL.createObjectURL(new Blob([bytes], { type })), [bytes, type])
  useEffect(() => () => URL.revokeObjectURL(address), [address])
  return <img src={address} alt={name} />
}
