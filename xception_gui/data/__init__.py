"""From a folder to pixels: what a folder contains, which files are usable, and the only code that opens pictures."""
