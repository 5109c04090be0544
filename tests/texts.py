"""Lists every text that people read: of the window, the command line, errors, reasons, notices and written files.

    .venv/bin/python -m tests.texts [PLACE ...]

`PLACE` is the beginning of a path, such as `xception_gui/ui/start`. What is written into logs for developers isn't
listed, and neither are docstrings.
"""

import argparse
import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROGRAM = ROOT / "xception_gui"

WITH_CONTEXT = frozenset({"translate", "QT_TRANSLATE_NOOP"})
"""Functions of Qt whose second argument is for people, after the name of its context."""

TRANSLATED = WITH_CONTEXT | {"tr", "Words"}
"""Functions whose text is for people, however short it is."""

NOT_FOR_PEOPLE = frozenset(
    {"compile", "execute", "executescript", "setStyleSheet", "strptime", "strftime", "getLogger"}
)
"""Functions whose texts are code in another language."""

TABLES_OF_WORDS = ("xception_gui/words/", "xception_gui/domain/recipe/", "xception_gui/domain/export_formats.py")
"""Where single words are texts too."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text of the program, with places in {braces} for what is filled in."""

    file: str
    line: int
    text: str


def all_texts() -> list[Text]:
    """Return the texts of the whole program, by file and line."""
    return [text for file in sorted(PROGRAM.rglob("*.py")) for text in texts_of(file)]


def texts_of(file: Path, root: Path = ROOT) -> Iterator[Text]:
    """Yield the texts of a module, named by its path below `root`."""
    name = file.relative_to(root).as_posix()
    tree = ast.parse(file.read_text("utf-8"))
    for node, around in _strings(tree, ()):
        text = _template(node)
        if _is_translated(node, around) or (
            not _is_code(around) and (_reads_like_text(text) or (name.startswith(TABLES_OF_WORDS) and _is_a_word(text)))
        ):
            yield Text(name, node.lineno, text)


def _strings(node: ast.AST, around: tuple[ast.AST, ...]) -> Iterator[tuple[ast.expr, tuple[ast.AST, ...]]]:
    """Yield each string with the nodes around it, the nearest last; no docstrings, no parts of other strings."""
    for child in ast.iter_child_nodes(node):
        is_docstring = isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant)
        if isinstance(child, ast.JoinedStr) or (isinstance(child, ast.Constant) and isinstance(child.value, str)):
            yield child, (*around, node)
            for part in getattr(child, "values", ()):
                if isinstance(part, ast.FormattedValue):
                    yield from _strings(part, (*around, node))
        elif not is_docstring:
            yield from _strings(child, (*around, node))


def _template(node: ast.expr) -> str:
    """Return a string as it stands in the code, an f-string's expressions in braces."""
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.JoinedStr)
    return "".join(
        str(part.value) if isinstance(part, ast.Constant) else f"{{{ast.unparse(part.value)}}}"
        for part in node.values
        if isinstance(part, ast.Constant | ast.FormattedValue)
    )


def _called(node: ast.AST) -> str:
    """Return the name of what is called, or nothing."""
    if not isinstance(node, ast.Call):
        return ""
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _is_translated(node: ast.expr, around: tuple[ast.AST, ...]) -> bool:
    call = around[-1]
    if _called(call) not in TRANSLATED:
        return False
    assert isinstance(call, ast.Call)
    return node is call.args[1 if _called(call) in WITH_CONTEXT else 0]


def _is_code(around: tuple[ast.AST, ...]) -> bool:
    """Return whether a string is for a library, a log or a programmer."""
    for node in around:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            whose = node.func.value
            if isinstance(whose, ast.Name) and whose.id in ("logger", "re", "logging"):
                return True
        if _called(node) in NOT_FOR_PEOPLE or isinstance(node, ast.Assert) or _is_a_list_of_names(node):
            return True
    return False


def _is_a_list_of_names(node: ast.AST) -> bool:
    return isinstance(node, ast.Assign) and [getattr(name, "id", "") for name in node.targets] == ["__all__"]


def _reads_like_text(text: str) -> bool:
    """Return whether two words follow each other in it, and nothing that only code has."""
    without_places = re.sub(r"\{[^}]*\}", "x", text)
    return bool(re.search(r"[^\W\d_]{2,}[,;:.…”]? [“(]?[^\W\d_]+", without_places)) and not re.search(
        r"^\s*(SELECT|INSERT|CREATE|DELETE|UPDATE|PRAGMA|BEGIN)\b|;\n|\{\n|\);", text
    )


def _is_a_word(text: str) -> bool:
    return bool(re.fullmatch(r"[^\W\d_][^\W_]+", text)) and text[0].isupper()


def main() -> None:
    """Print the texts of all places, or of those that are named."""
    parser = argparse.ArgumentParser(description="List every text that people read.")
    parser.add_argument("place", nargs="*", help="the beginning of a path, such as xception_gui/ui/start")
    places = tuple(parser.parse_args().place)
    file = ""
    for text in all_texts():
        if places and not text.file.startswith(places):
            continue
        if text.file != file:
            file = text.file
            print(f"\n{file}")
        print(f"{text.line:5}  {text.text!r}" if "\n" in text.text else f"{text.line:5}  {text.text}")


if __name__ == "__main__":
    main()
