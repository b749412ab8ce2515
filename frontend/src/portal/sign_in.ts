// On the sign-in page, which works without: who came by an address with a fragment, as TensorBoard's are, is led to that.
import { withFragment } from '../lib/next'

for (const field of document.querySelectorAll<HTMLInputElement>('input[name=next]'))
  field.value = withFragment(field.value, location.hash)
for (const link of document.links) {
  const there = new URL(link.href)
  const next = withFragment(there.searchParams.get('next') ?? '', location.hash)
  if (next) there.searchParams.set('next', next)
  link.href = there.href
}
