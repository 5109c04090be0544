"""Train: how a training goes, or went."""
