"""Training Xception itself: the only package that imports Keras."""

import os
import socket

# Read when Keras and TensorFlow are first imported, which the modules of this package do. Somebody's own choice wins.
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # its greetings and missing-GPU notes would break the progress lines
os.environ.setdefault("GRPC_VERBOSITY", "ERROR")

# Keras imports a library for downloads, which at its import tries a socket of IPv6 on this machine, unless there is no
# such thing. No process of this program makes any.
socket.has_ipv6 = False
