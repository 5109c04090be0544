"""The process around the jobs: requests as lines on stdin, events as lines on stdout."""
