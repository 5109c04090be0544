"""The words for all codes that cross: one table for each kind, in English, which the window translates. No files, no Qt."""
