"""The process around the jobs: requests in as lines on stdin, events out as lines on stdout."""
