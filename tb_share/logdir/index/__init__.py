"""A disposable index of one logdir: a writer in a process of its own, many readers."""
