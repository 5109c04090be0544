"""Training Xception itself: the only package that imports Keras."""

import os

# Read when Keras and TensorFlow are first imported, which the modules of this package do. Somebody's own choice wins.
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")  # its greetings and missing-GPU notes would break the progress lines
os.environ.setdefault("GRPC_VERBOSITY", "ERROR")
