"""An empty module that replaces modules whose native code is never called; they are listed in `slimming.EMPTY`."""
