"""Classifies a picture with a plain Keras script. Its head is random: only the time matters.

.venv/bin/python benchmarks/plain_keras.py RUN PICTURE
"""

import json
import sys
from pathlib import Path

import keras

WEIGHTS = Path(__file__).resolve().parents[1] / "models" / "xception_imagenet_notop.weights.h5"

run, picture = map(Path, sys.argv[1:])
record = json.loads((run / "run.json").read_text(encoding="utf-8"))
size = record["image_size"]
base = keras.applications.Xception(weights=None, include_top=False, pooling="avg", input_shape=(size, size, 3))
base.load_weights(WEIGHTS)
model = keras.Sequential([base, keras.layers.Dense(len(record["classes"]), activation="softmax")])
image = keras.utils.img_to_array(keras.utils.load_img(picture, target_size=(size, size), interpolation="bilinear"))
probabilities = model.predict(keras.applications.xception.preprocess_input(image[None]), verbose=0)[0]
print(record["classes"][int(probabilities.argmax())], float(probabilities.max()))
