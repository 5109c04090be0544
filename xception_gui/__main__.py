"""Starts the program: the window, an engine, or a verb of the command line."""

import os
import sys

PAGE_PICTURES = "--page-pictures"
"""Followed by a folder, a model and pictures: writes screenshots of the window's pages into the folder."""

SELF_TEST = "--self-test"
"""Has the window do its main job, or classify a picture if a model and a picture follow, and reports the outcome."""


def start() -> int:
    """Run the program, isolated from its surroundings. Returns its exit status."""
    from xception_gui.surroundings import start_isolated

    status = start_isolated()
    return main() if status is None else status


def main() -> int:
    """Run the program in this process. Returns its exit status: 0 done, 1 failed, 2 wrong usage, 130 stopped."""
    from xception_gui.edition import forget_own_libraries
    from xception_gui.paths import settle_home
    from xception_gui.surroundings import forget_settings

    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # characters that the terminal's encoding lacks are escaped
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    words = sys.argv[1:]
    forget_own_libraries()
    forget_settings()
    settle_home()
    try:
        if words[:1] == ["--engine"]:
            from xception_gui.engine.process import run_engine

            return run_engine()
        if words[:1] == [PAGE_PICTURES]:
            return _write_page_pictures(*_from_here(words[1:]))
        if words[:1] == [SELF_TEST]:
            from xception_gui.self_test import run_self_test

            return run_self_test(_from_here(words[1:]))
        if is_for_the_window(words):
            return _open_window(_from_here(words))
        from xception_gui.cli.main import run_to_the_end

        run_to_the_end(words)
    except KeyboardInterrupt:  # before a handler was set
        return 130


def is_for_the_window(words: list[str]) -> bool:
    """Return whether there are no arguments but existing paths. A verb stays a verb even if a folder has its name."""
    if not words:
        return True
    from xception_gui.cli import verbs

    return not words[0].startswith("-") and words[0] not in verbs.names() and all(map(os.path.exists, words))


def _from_here(paths: list[str]) -> list[str]:
    """Return absolute paths, as the window's engines have another current folder."""
    from xception_gui.files.absolute_paths import absolute_path

    return list(map(absolute_path, paths))


def _open_window(words: list[str]) -> int:
    from xception_gui.display import why_no_window
    from xception_gui.domain.visible import visible

    why = why_no_window()
    if why is not None:
        why = visible(why)
        help_ = "“xception-gui --help” lists the commands that work in a terminal."
        print(f"xception-gui: The window can't open. {why} {help_}", file=sys.stderr)
        return 1
    from xception_gui.app import run_window

    return run_window(words)


def _write_page_pictures(folder: str, run: str, *pictures: str) -> int:
    from pathlib import Path

    from xception_gui.page_pictures import write_page_pictures

    write_page_pictures(Path(folder), run, pictures)
    return 0


def _look_beside_this_file() -> None:
    """Put the folder of this package on `sys.path`, which an isolated Python doesn't do.

    It comes after the standard library and before other packages, among which there may be a newer copy of this one.
    """
    folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    pythons_own = os.path.dirname(os.__file__)
    if folder not in sys.path:
        sys.path.insert(sys.path.index(pythons_own) + 1 if pythons_own in sys.path else len(sys.path), folder)


if __name__ == "__main__":
    if not __package__ and not getattr(sys, "frozen", False):  # started by its path
        _look_beside_this_file()
    sys.exit(start())
