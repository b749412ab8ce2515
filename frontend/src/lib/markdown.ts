// Markdown as a fragment of the document that runs nothing, loads nothing and looks like no part of ours. Loaded late: see ui/markdown.
import createPurifier from 'dompurify'
import { Marked, type Tokens } from 'marked'

const TAGS = 'p br strong em del code pre blockquote ul ol li h3 hr table thead tbody tr th td a'.split(' ')
const FOLLOWED = /^(?:https?:\/\/|mailto:)/i

const marked = new Marked({
  async: false,
  gfm: true,
  renderer: {
    // HTML in a text is shown as it was typed: whoever wrote it meant to be read.
    html: ({ text, block }: Tokens.HTML | Tokens.Tag) => (block ? `<p>${escaped(text)}</p>` : escaped(text)),
    // A picture would tell its host who reads here; its address can be followed.
    image: ({ href, text }: Tokens.Image) =>
      FOLLOWED.test(href) ? `<a href="${escaped(href)}">${escaped(text || href)}</a>` : escaped(text),
    // One level for all, so that no text breaks the outline of the page around it.
    heading({ tokens }: Tokens.Heading) {
      return `<h3>${this.parser.parseInline(tokens)}</h3>`
    },
    checkbox: ({ checked }: Tokens.Checkbox) => (checked ? '☑ ' : '☐ '),
  },
})

const purifier = createPurifier(window)
purifier.addHook('afterSanitizeAttributes', (element) => {
  if (element.tagName !== 'A' || !element.hasAttribute('href')) return
  element.setAttribute('target', '_top')
  element.setAttribute('rel', 'noopener noreferrer')
})

// What is nested deeper than the parser can follow stands as it was typed.
export function rendered(text: string): DocumentFragment {
  let html: string
  try {
    html = marked.parse(text) as string
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    html = `<p>${escaped(text)}</p>`
  }
  return sanitised(html)
}

// HTML that a program wrote: its words, tables and links.
export function sanitised(html: string): DocumentFragment {
  return purifier.sanitize(html, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ['href', 'align', 'start'],
    ALLOWED_URI_REGEXP: FOLLOWED,
    ALLOW_ARIA_ATTR: false,
    ALLOW_DATA_ATTR: false,
    RETURN_DOM_FRAGMENT: true,
  })
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
