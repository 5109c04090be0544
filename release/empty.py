"""Stands for a module whose native code nothing calls; `slimming.EMPTY` says of which."""
