"""What an embedding is: the average-pooled outputs of seven of Xception's blocks, one after the other."""

CHANNELS = {4: 728, 6: 728, 8: 728, 10: 728, 12: 728, 13: 1024, 14: 2048}
"""Channels of the output of each block that is part of an embedding, in order."""

EMBEDDING_BLOCKS = tuple(CHANNELS)
EMBEDDING_SIZE = sum(CHANNELS.values())  # 6,712

LITERT = "litert-float32"
"""The runtime, with its precision, that every installation has."""
