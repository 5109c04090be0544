"""What makes a release: building, packing and listing it. `docs/releasing.md` has the commands."""
