// For tests: what a browser's tab keeps, empty before each.
import { afterEach, beforeEach, vi } from 'vitest'

export function withSessionStorage(): void {
  beforeEach(() => {
    const kept: Record<string, string> = {}
    // Its keys are what is kept, as in a browser.
    Object.defineProperties(kept, {
      getItem: { value: (key: string) => kept[key] ?? null },
      setItem: { value: (key: string, value: string) => Object.assign(kept, { [key]: value }) },
      removeItem: { value: (key: string) => Reflect.deleteProperty(kept, key) },
    })
    vi.stubGlobal('sessionStorage', kept)
  })
  afterEach(() => vi.unstubAllGlobals())
}
