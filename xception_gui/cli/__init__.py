"""The command line: arguments in, progress on stderr, results on stdout."""
