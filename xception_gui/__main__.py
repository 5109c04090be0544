"""Where the program starts: the window, an engine for whoever drives it, or a verb of the command line."""

import os
import sys

PAGE_PICTURES = "--page-pictures"
"""With a folder, a run and pictures after it: pictures of the window's pages are written into the folder."""

SELF_TEST = "--self-test"
"""The window walks through its main job, or with a run and a picture after it predicts that, and tells how it went."""


def start() -> int:
    """Run the program, isolated from what lies around. Returns its exit status."""
    from xception_gui.surroundings import start_isolated

    status = start_isolated()
    return main() if status is None else status


def main() -> int:
    """Run the program in this process. Returns its exit status: 0 done, 1 failed, 2 wrong usage, 130 stopped."""
    from xception_gui.edition import forget_own_libraries
    from xception_gui.paths import settle_home
    from xception_gui.surroundings import forget_settings

    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # a terminal that can't show a character shows its number
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
        from xception_gui.cli.main import run_command_line

        return run_command_line(words)
    except KeyboardInterrupt:  # before anybody was there to answer it
        return 130


def is_for_the_window(words: list[str]) -> bool:
    """Nothing, or the paths of files and folders. A verb is a verb even where a folder has its name."""
    if not words:
        return True
    from xception_gui.cli import verbs

    return not words[0].startswith("-") and words[0] not in verbs.names() and all(map(os.path.exists, words))


def _from_here(paths: list[str]) -> list[str]:
    """Return paths as whoever is in another folder finds them: the engines of the window."""
    from xception_gui.files.absolute_paths import absolute_path

    return list(map(absolute_path, paths))


def _open_window(words: list[str]) -> int:
    from xception_gui.display import why_no_window
    from xception_gui.domain.visible import visible

    why = why_no_window()
    if why is not None:
        why = visible(why)
        print(
            f"xception-gui: The window can't open. {why} “xception-gui --help” tells what works in a terminal.",
            file=sys.stderr,
        )
        return 1
    from xception_gui.app import run_window

    return run_window(words)


def _write_page_pictures(folder: str, run: str, *pictures: str) -> int:
    from pathlib import Path

    from xception_gui.page_pictures import write_page_pictures

    write_page_pictures(Path(folder), run, pictures)
    return 0


def _look_beside_this_file() -> None:
    """Have the package found that this file is in, where an isolated Python doesn't look for it by itself.

    That is ahead of other packages, which a newer one may lie beside it of, and behind Python's own.
    """
    folder = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    pythons_own = os.path.dirname(os.__file__)
    if folder not in sys.path:
        sys.path.insert(sys.path.index(pythons_own) + 1 if pythons_own in sys.path else len(sys.path), folder)


if __name__ == "__main__":
    if not __package__ and not getattr(sys, "frozen", False):  # by its file, with Python alone
        _look_beside_this_file()
    sys.exit(start())
