"""Mixed precision: convolutions in 16 bits, everything that must be exact in float32.

Keras gives a layer its policy when it is built (Micikevicius et al. 2018, arXiv 1710.03740): variables stay float32 and
are rounded for each step. `architectures/build.py` makes the input's scaling, the averages and the head float32 under
any policy; batch normalisation computes in float32 by itself.
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
    """Set the precision, other than AUTO, in which layers compute that are built in this context."""
    before = keras.config.dtype_policy()
    keras.config.set_dtype_policy(_POLICIES[precision])
    try:
        yield
    finally:
        keras.config.set_dtype_policy(before)
