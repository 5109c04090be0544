"""A run on disk: one folder that can be copied, zipped and opened on another machine."""
