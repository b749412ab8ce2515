"""What writes logdirs. Stands alone: it knows nothing of the server."""
