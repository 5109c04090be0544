"""Training Xception itself: the only package that imports Keras."""

import os
import socket

# Read when Keras and TensorFlow are first imported, which the modules of this package do. The program has removed all
# other variables that they would read (`surroundings`); a benchmark may choose another backend.
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ["KERAS_HOME"] = os.devnull  # not a folder: so no `keras.json` is read, and none is written
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # TensorFlow's greetings and notes would break the progress lines
os.environ["GRPC_VERBOSITY"] = "ERROR"

# Keras imports a library for downloads, which tries to open an IPv6 socket on import unless there is no IPv6. This
# program makes no network connections.
socket.has_ipv6 = False
