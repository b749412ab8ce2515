// The only place that calls fetch. A failure carries the server's own sentence.

export class AskFailed extends Error {
  constructor(
    readonly status: number,
    message: string,
    // What the server sent besides: after a conflict, what the thing is now.
    readonly current: unknown = null,
  ) {
    super(message)
  }
}

// Whether what was asked may have been done nevertheless.
export function isUnsure(failure: unknown): boolean {
  return failure instanceof AskFailed && (failure.status === 0 || failure.status >= 500)
}

const UNREACHABLE = 'The server does not answer. Check your connection; this page tries again by itself.'

export async function ask(path: string, init: RequestInit = {}): Promise<Response> {
  let answer: Response
  try {
    answer = await fetch(path, { credentials: 'same-origin', ...init })
  } catch (failure) {
    if (init.signal?.aborted) throw failure
    throw new AskFailed(0, UNREACHABLE)
  }
  if (answer.ok || answer.status === 304) return answer
  throw await failed(answer)
}

async function failed(answer: Response): Promise<AskFailed> {
  try {
    const body = (await answer.json()) as { error?: { message?: string }; current?: unknown }
    if (typeof body.error?.message === 'string') return new AskFailed(answer.status, body.error.message, body.current)
  } catch {
    // Not JSON: the status has to do.
  }
  return new AskFailed(answer.status, `The server answered with status ${answer.status}. Try again in a moment.`)
}

export async function askJson<T>(path: string, method = 'GET', body?: unknown): Promise<T> {
  const headers: Record<string, string> = { Accept: 'application/json' }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  const answer = await ask(path, { method, headers, body: body === undefined ? null : JSON.stringify(body) })
  return answer.status === 204 ? (undefined as T) : ((await answer.json()) as T)
}
