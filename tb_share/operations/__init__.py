"""What a caller can do, without HTTP; REST and the command line both call these."""
