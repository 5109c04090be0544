r"""Names of the program's files and folders: those that `deletion` may delete, in folders that the program made.

All names are regular expressions of a whole name; `(?s:.+)` is any name, which a person may have given.
"""

import re

from xception_gui.files.deletion import OwnNames

WHILE_WRITTEN = r"(\.[a-z0-9_]{8}\.)?"
"""Prefix of a file's name while it is being written."""

ANY = "(?s:.+)"


def _files(*names: str) -> tuple[str, ...]:
    return tuple(WHILE_WRITTEN + re.escape(name) for name in names)


# --- Models -------------------------------------------------------------------------------------------------------

MODEL = OwnNames(_files("run.json", "head.npz", "backbone.tflite", "model.keras", "README.md"))
"""A model by itself."""

CONVERTED = OwnNames(MODEL.files, {"model": MODEL})
"""A folder in which a training's checkpoint is converted to a model."""

CHECKPOINT = OwnNames(
    (*_files("state.npz", "head.npz", "backbone.tflite"), WHILE_WRITTEN + r"best-\d+\.npz"),
    {r"best-\d+": MODEL, r"\.converting-[a-z0-9_]{8}": CONVERTED},
)
"""A training that is running, or was interrupted."""

RUN = OwnNames(
    (*MODEL.files, *_files("labels.txt", "metrics.csv", "events.jsonl", ".training.json"), r"\.training\.lock"),
    {"checkpoint": CHECKPOINT, "quick": MODEL},
)
"""A run. `quick` is the model that its network was trained from."""

NEW_RUN = OwnNames(folders={ANY: RUN})
"""A folder in which a run is made before it is moved into place."""

EXPORT = OwnNames(
    (*_files("model.keras", "model.tflite"), rf"{WHILE_WRITTEN}{ANY}\.check\.json"),
    {
        "model": OwnNames(
            (r"saved_model\.pb", r"fingerprint\.pb"),
            {
                "variables": OwnNames((r"variables\..+",), {"variables_temp": OwnNames((r"part-\d{5}-of-\d{5}\..+",))}),
                "assets": OwnNames(),
                r"assets\.extra": OwnNames((r"labels\.txt",)),
            },
        )
    },
)
"""A folder in which an export is made before it is moved into place."""

# --- The person's folders -----------------------------------------------------------------------------------------

_HALF_WRITTEN = r"(\.writing-|tmp)[a-z0-9_]{8}"
"""Names that earlier releases gave files of the cache while writing them."""

PASTED = OwnNames((r"\d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d( \d+)?\.[a-z]+",))
"""Pasted pictures, which have no file of their own."""

CACHE_FOLDERS = {
    "previews": OwnNames((WHILE_WRITTEN + r"[0-9a-f]{32}\.jpg", _HALF_WRITTEN)),
    "pasted": PASTED,
    "backbones": OwnNames((rf"{WHILE_WRITTEN}[0-9a-f]{{64}}\.tflite", _HALF_WRITTEN)),
    "compiled": OwnNames((WHILE_WRITTEN + r"[0-9a-f]{16}-\d\.blob", _HALF_WRITTEN)),
}
"""Folders of the cache: small copies of pictures, pasted pictures, backbones made from weights files, networks compiled
for one processor."""

DATABASES = OwnNames((r"[a-z_]+\.sqlite3(-wal|-shm|-journal)?",))
MEASUREMENTS = OwnNames((WHILE_WRITTEN + r"[a-z_-]+\.json", _HALF_WRITTEN))

CACHE = OwnNames((*DATABASES.files, *MEASUREMENTS.files), CACHE_FOLDERS)

LOGS = OwnNames((r"\d{8}-\d{6}-[a-z-]+-\d{1,9}\.log",))
"""Time, kind of process, process id."""

WINDOW = OwnNames((r"window\.ini(\..+)?",))
"""The window's settings, with the temporary files of Qt."""

_SAMPLES = OwnNames((WHILE_WRITTEN + r"(scene-\d+|[a-z]+-\d{3})\.jpg", r"\.[a-z0-9-]+\.jpg\.\d+"))
"""The latter are the names that earlier releases used while drawing."""

HOME = OwnNames(
    folders={
        "data": OwnNames(
            WINDOW.files,
            {"models": NEW_RUN, "sample pictures": OwnNames(folders={ANY: OwnNames(_SAMPLES.files, {ANY: _SAMPLES})})},
        ),
        "cache": CACHE,
        "log": LOGS,
        "settings": OwnNames((*_files("preferences.json"), _HALF_WRITTEN)),
    }
)
"""All of a person's folders in one."""
