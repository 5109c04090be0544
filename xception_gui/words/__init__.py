"""The wording of all codes in English: one table for each kind of code. The window translates them. No files, no Qt."""
