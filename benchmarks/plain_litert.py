"""Classifies a picture with a model in a plain LiteRT script: the least work that a process can do.

.venv/bin/python benchmarks/plain_litert.py RUN PICTURE
"""

import json
import os
import sys
from pathlib import Path

import numpy as np
from ai_edge_litert.interpreter import Interpreter
from PIL import Image

SHIPPED = Path(__file__).resolve().parents[1] / "models" / "xception_backbone.tflite"
CHANNELS = {4: 728, 6: 728, 8: 728, 10: 728, 12: 728, 13: 1024, 14: 2048}

run, picture = map(Path, sys.argv[1:])
record = json.loads((run / "run.json").read_text(encoding="utf-8"))
size = record["image_size"]
own = run / "backbone.tflite"
interpreter = Interpreter(model_path=str(own if own.exists() else SHIPPED), num_threads=os.cpu_count())
pixels = interpreter.get_input_details()[0]["index"]
interpreter.resize_tensor_input(pixels, (1, size, size, 3))
interpreter.allocate_tensors()
embedding = interpreter.get_signature_runner().get_output_details()["embedding"]["index"]
image = Image.open(picture).convert("RGB").resize((size, size), Image.Resampling.BILINEAR)
interpreter.set_tensor(pixels, np.asarray(image, np.float32)[np.newaxis])
interpreter.invoke()
found = dict(
    zip(CHANNELS, np.split(interpreter.get_tensor(embedding)[0], np.cumsum([*CHANNELS.values()])[:-1]), strict=True)
)
head = np.load(run / "head.npz")
logits = np.concatenate([found[block] for block in head["blocks"].tolist()]) @ head["kernel"] + head["bias"]
probabilities = np.exp(logits - logits.max())
probabilities /= probabilities.sum()
print(record["classes"][int(probabilities.argmax())], float(probabilities.max()))
