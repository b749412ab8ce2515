// The keys that the tab knows.
import { useEffect, useRef } from 'preact/hooks'

const KEYS: [string, string][] = [
  ['/', 'Go to the filter'],
  ['↑ ↓ ← →', 'Go along rows and columns; Home, End and Page keys too'],
  ['Space', 'Tick an experiment, or all from the head of the table'],
  ['Enter', 'Open an experiment or a group; on a head, put in order (with Shift: also by it)'],
  ['m', 'On a head: what can be done with its column'],
  ['p', 'Measure others against this experiment, or no longer'],
  ['c', 'Compare what is ticked'],
  ['[ and ]', 'The experiment before and after, as the table has them'],
  ['1 to 9', 'Choose a tab of a comparison or an experiment'],
  ['Ctrl+Z', 'Undo what was just archived, tagged or deleted'],
  ['Esc', 'Close what is open; in Parallel, show all again'],
]

export function Help({ close }: { close: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} class="dialog" aria-labelledby="keys-title" onClose={close}>
      <div class="dialog-head">
        <h2 id="keys-title">Keys</h2>
        <button type="button" class="quiet" aria-label="Close" onClick={() => dialog.current?.close()}>
          ✕
        </button>
      </div>
      <table class="plain">
        <tbody>
          {KEYS.map(([keys, text]) => (
            <tr key={keys}>
              <th scope="row">
                <kbd>{keys}</kbd>
              </th>
              <td>{text}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </dialog>
  )
}
