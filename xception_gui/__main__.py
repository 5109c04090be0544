"""Where the program starts: the window, an engine for whoever drives it, or a verb of the command line."""

import os
import sys

from xception_gui.edition import forget_own_libraries

PAGE_PICTURES = "--page-pictures"
"""With a folder, a run and pictures after it: pictures of the window's pages are written into the folder."""

SELF_TEST = "--self-test"
"""The window walks through its main job, or with a run and a picture after it predicts that, and tells how it went."""


def main() -> int:
    """Run the program. Returns its exit status: 0 done, 1 failed, 2 wrong usage, 130 stopped."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # a terminal that can't show a character shows its number
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    words = sys.argv[1:]
    forget_own_libraries()
    try:
        if words[:1] == ["--engine"]:
            from xception_gui.engine.process import run_engine

            return run_engine()
        if words[:1] == [PAGE_PICTURES]:
            return _write_page_pictures(*words[1:])
        if words[:1] == [SELF_TEST]:
            from xception_gui.self_test import run_self_test

            return run_self_test(words[1:])
        if is_for_the_window(words):
            return _open_window(words)
        from xception_gui.cli.main import run_command_line

        return run_command_line(words)
    except KeyboardInterrupt:  # before anybody was there to answer it
        return 130


def is_for_the_window(words: list[str]) -> bool:
    """Nothing, or the paths of files and folders. A verb is a verb even where a folder has its name."""
    if not words:
        return True
    from xception_gui.cli.arguments import VERBS

    return not words[0].startswith("-") and words[0] not in VERBS and all(map(os.path.exists, words))


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


if __name__ == "__main__":
    sys.exit(main())
