"""Training Xception itself: the only package that imports Keras."""

import os
import socket

# Read when Keras and TensorFlow are first imported, which the modules of this package do. The program has taken out of
# its environment whatever else they would read there (`surroundings`); a benchmark may choose another backend.
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ["KERAS_HOME"] = os.devnull  # no folder: so no `keras.json` in it says how numbers are kept, and none is made
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"  # TensorFlow's greetings and notes would break the progress lines
os.environ["GRPC_VERBOSITY"] = "ERROR"

# Keras imports a library for downloads, which at its import tries a socket of IPv6 on this machine, unless there is no
# such thing. No process of this program makes any.
socket.has_ipv6 = False
