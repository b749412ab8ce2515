// What a screen knows of something it asked for: one union instead of three booleans.
export type Load<T> =
  | { state: 'loading' }
  | { state: 'ready'; value: T }
  | { state: 'failed'; title: string; message: string }
