"""Runtimes: the libraries that run a backbone."""

from dataclasses import dataclass, field

LITERT = "litert-float32"
"""The runtime, with its precision, that every installation has."""

OPENVINO_BFLOAT16 = "openvino-mixed-bfloat16"
OPENVINO_FLOAT32 = "openvino-float32"

_TITLES = {
    LITERT: "LiteRT (float32)",
    OPENVINO_BFLOAT16: "OpenVINO (bfloat16)",
    OPENVINO_FLOAT32: "OpenVINO (float32)",
}


def runtime_title(name: str) -> str:
    """Return a runtime's name for people; a name that this release doesn't know is returned as it is."""
    return _TITLES.get(name, name)


@dataclass(frozen=True, slots=True)
class RuntimeChoice:
    """The runtime for new models on this machine, and why."""

    runtime: str
    seconds: dict[str, float] = field(default_factory=dict)
    """Of each runtime for a picture; empty: there is no other runtime to compare LiteRT with."""

    @property
    def others(self) -> tuple[str, ...]:
        """The runtimes that were not chosen."""
        return tuple(name for name in self.seconds if name != self.runtime)
