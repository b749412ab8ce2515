"""May this caller do that here? Pure: no clock, no database, no HTTP."""
