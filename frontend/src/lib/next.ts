// Where signing in leads: the address that somebody came by, with its fragment, which browsers tell no server.

// The server takes no longer one (identity/next_path.py).
const LONGEST = 2048

// Only a page that was asked for has one; the front page leads elsewhere by itself.
export function withFragment(next: string, fragment: string): string {
  if (next === '' || next === '/' || next.includes('#') || fragment === '') return next
  const whole = next + fragment
  return whole.length > LONGEST ? next : whole
}
