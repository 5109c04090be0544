"""Mixed precision: the convolutions in 16 bits, everything that has to be exact in float32.

Keras gives a layer its policy when it is built (Micikevicius et al. 2018, arXiv 1710.03740): variables stay float32 and
are rounded for each step. `xception.py` builds what turns pixels into numbers, the averages and the head as float32
whatever the policy; batch normalisation computes in float32 by itself.
"""

import contextlib
from collections.abc import Iterator

import keras

from xception_gui.domain.recipe import Precision

_POLICIES = {
    Precision.FLOAT32: "float32",
    Precision.BFLOAT16: "mixed_bfloat16",
    Precision.FLOAT16: "mixed_float16",
}


@contextlib.contextmanager
def layers_in(precision: Precision) -> Iterator[None]:
    """Have the layers that are built meanwhile compute in a precision, which isn't AUTO."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(_POLICIES[precision])
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
