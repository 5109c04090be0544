"""Builds, packages and lists the contents of a release. `docs/releasing.md` has the commands."""
