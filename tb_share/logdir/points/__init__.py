"""All points of series, exact and fast, from event files as they lie there."""
