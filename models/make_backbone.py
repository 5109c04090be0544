"""Makes xception_backbone.tflite from xception_imagenet_notop.weights.h5, and writes the hashes of both.

    .venv/bin/python models/make_backbone.py

Takes half a minute. The file differs in some bytes with every release of TensorFlow, and each version adds 42 MB to
the history of the repository: commit it only when its contents have to change.
"""

import hashlib
from pathlib import Path

from xception_gui.domain.architecture import XCEPTION
from xception_gui.finetune.convert import write_backbone_from_weights

MODELS = Path(__file__).parent
WEIGHTS = MODELS / "xception_imagenet_notop.weights.h5"
BACKBONE = MODELS / "xception_backbone.tflite"


def main() -> None:
    write_backbone_from_weights(XCEPTION, WEIGHTS, BACKBONE)
    lines = [f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}\n" for path in (BACKBONE, WEIGHTS)]
    (MODELS / "SHA256SUMS").write_text("".join(lines))


if __name__ == "__main__":
    main()
