"""Where the program starts: an engine for whoever drives it, or a verb of the command line."""

import sys


def main() -> int:
    """Run the program. Returns its exit status: 0 done, 1 failed, 2 wrong usage, 130 stopped."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:  # a terminal that can't show a character shows its number
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        if sys.argv[1:2] == ["--engine"]:
            from xception_gui.engine.process import run_engine

            return run_engine()
        from xception_gui.cli.main import run_command_line

        return run_command_line(sys.argv[1:])
    except KeyboardInterrupt:  # before anybody was there to answer it
        return 130


if __name__ == "__main__":
    sys.exit(main())
