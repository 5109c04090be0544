"""Lists the contents of a built program: the packages and libraries of its files, with versions and licences."""

import csv
import json
import re
import subprocess
import sys
import sysconfig
from collections.abc import Iterable
from functools import cache
from importlib.metadata import Distribution, distributions
from pathlib import Path
from typing import NamedTuple

from xception_gui import __version__
from xception_gui.ui.shell.components import Component, bundled, package, python, weights

ROOT = Path(__file__).resolve().parent.parent

LGPL_NOTICE = """\
Qt and PySide6 are used under the GNU Lesser General Public License, version 3, whose text is below, and so are libheif
and libde265. They are separate files in the folders _internal/PySide6 and _internal/pi_heif.libs (on Windows, in
_internal itself), which you may replace with your own builds of the same version. Their source is at
https://download.qt.io/official_releases/ (qt and QtForPython) and https://github.com/strukturag (libheif and libde265),
and this program's own source, with everything needed to build it, is under the MIT licence.
"""


class Part(NamedTuple):
    """A component of a program."""

    name: str
    version: str
    licence: str  # its name
    text: str


def parts_of(sources: Iterable[str]) -> list[Part]:
    """Return the components that the files of a program come from, the program itself, the weights and Python first.

    Args:
        sources: paths of the files on this machine.
    """
    owners = _owners()
    found: dict[str, Part] = {}
    for source in {Path(source).resolve() for source in sources if source and source != "-"}:
        for part in _parts(source, owners):
            found[part.name] = part
    first = [_program(), _as_part(weights()), _as_part(python())]
    others = [part for part in found.values() if part.name not in {part.name for part in first}]
    return [*first, *sorted(others, key=lambda part: part.name.lower())]


def names_of(sources: Iterable[str]) -> set[str]:
    """Return the names of the installed packages that files come from."""
    owners = _owners()
    return {owners[path].name for source in sources if (path := Path(source).resolve()) in owners}


def write_contents(parts: list[Part], inside: Path, licences: Path, table: Path) -> None:
    """Write the list of components in three forms.

    Args:
        parts: the components.
        inside: contents.json, which the program shows in *About*.
        licences: a text with all licences, in the program's folder.
        table: CSV with names, versions and licences, beside the package.
    """
    inside.write_text(json.dumps([part._asdict() for part in parts], ensure_ascii=False), encoding="utf-8")
    rule = "=" * 100
    texts = [f"{rule}\n{part.name} {part.version}: {part.licence}\n{rule}\n\n{part.text.strip()}\n" for part in parts]
    licences.write_text("\n".join([LGPL_NOTICE, *texts]), encoding="utf-8")
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("name", "version", "licence"))
        writer.writerows((part.name, part.version, part.licence) for part in parts)


def _program() -> Part:
    return Part("Xception GUI", __version__, "MIT", (ROOT / "LICENSE").read_text(encoding="utf-8"))


def _as_part(component: Component) -> Part:
    return Part(component.name, component.version, component.licence, component.read_text())


@cache
def _owners() -> dict[Path, Distribution]:
    """Return the package of each file of every installed package."""
    return {
        Path(str(found.locate_file(file))).resolve(): found for found in distributions() for file in found.files or ()
    }


def _parts(source: Path, owners: dict[Path, Distribution]) -> list[Part]:
    """Return the components that a file comes from; a package includes its bundled libraries."""
    if source in owners:
        return [_of_package(owners[source]), *(_as_part(library) for library in bundled(owners[source]))]
    return [_part_of_none(source)]


def _part_of_none(source: Path) -> Part:
    """Return the component of a file that belongs to no package."""
    if source.is_relative_to(ROOT) and not source.is_relative_to(Path(sys.prefix)):
        return _program()
    if source.is_relative_to(_standard_library()) or source.name.startswith("libpython"):
        return _as_part(python())
    return _of_system(source)


def _standard_library() -> Path:
    return Path(sysconfig.get_path("stdlib")).resolve()


@cache
def _of_package_named(name: str) -> Part:
    found = next(found for found in distributions() if found.name == name)
    return _as_part(package(found))


def _of_package(found: Distribution) -> Part:
    return _of_package_named(found.name)


@cache
def _of_system(library: Path) -> Part:
    """Return the Debian package of a library; on other systems only the library's name is known."""
    for path in (library, Path("/") / library.relative_to("/usr") if library.is_relative_to("/usr") else library):
        owner = _answer("dpkg-query", "--search", str(path)).partition(": ")[0].split(",")[0]
        if owner:
            break
    else:
        return Part(library.name, "", "of the system", "From the system that this program was built on.")
    name = owner.partition(":")[0]
    version = _answer("dpkg-query", "--show", "--showformat=${Version}", owner)
    copyright_file = Path("/usr/share/doc") / name / "copyright"
    text = copyright_file.read_text(encoding="utf-8", errors="replace") if copyright_file.is_file() else ""
    licences = dict.fromkeys(re.findall(r"^License: *(\S.*)$", text, re.MULTILINE))
    named = ", ".join(licences)
    return Part(f"{name} (Debian)", version, named if 0 < len(named) <= 60 else "see its text", text)


def _answer(*command: str) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()
    except OSError:
        return ""
