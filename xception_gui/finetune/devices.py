"""Accelerators that Keras can use."""

import keras


def accelerators() -> list[str]:
    """Return their names; an empty list on a machine without any."""
    if keras.backend.backend() == "torch":  # for which Keras has no list of devices
        import torch

        return [f"gpu:{index}" for index in range(torch.cuda.device_count())]
    return [device for device in keras.distribution.list_devices() if not device.startswith("cpu")]
