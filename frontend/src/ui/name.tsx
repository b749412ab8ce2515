// A name as it stands, with a mark for each character that nobody would see.
import { piecesOf } from '../lib/unseen'

export function Name({ text }: { text: string }) {
  return (
    <>
      {piecesOf(text).map((piece) =>
        piece.code === '' ? (
          piece.text
        ) : (
          <span class="unseen" data-code={piece.code}>
            {piece.text}
          </span>
        ),
      )}
    </>
  )
}
