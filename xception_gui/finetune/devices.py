"""Accelerators that Keras can train on."""

import keras


def accelerators() -> list[str]:
    """Name them; none on a machine that has only processors."""
    return [device for device in keras.distribution.list_devices() if not device.startswith("cpu")]
