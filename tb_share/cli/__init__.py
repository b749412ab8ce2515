"""The command line: one file a noun. Imports what a command needs when it runs, so that ``--help`` is quick."""
