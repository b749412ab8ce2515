// Characters that nobody sees and that make one name look like another: those that turn the direction, spaces without width, controls.
const UNSEEN = /[\p{Cc}\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/u

// Each piece is as it stands in the text; a single unseen character has its code point beside it.
export type Piece = { text: string; code: string }

export function piecesOf(text: string): Piece[] {
  if (!UNSEEN.test(text)) return [{ text, code: '' }]
  return text
    .split(new RegExp(`(${UNSEEN.source})`, 'u'))
    .filter((piece) => piece !== '')
    .map((piece) => ({ text: piece, code: UNSEEN.test(piece) ? codeOf(piece) : '' }))
}

// For where there is only text, such as a chart's legend: the code points stand in the characters' place.
export function inSight(text: string): string {
  return piecesOf(text)
    .map((piece) => (piece.code === '' ? piece.text : `‹${piece.code}›`))
    .join('')
}

function codeOf(char: string): string {
  return `U+${(char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`
}
