"""Where the program starts: an engine for whoever drives it, or a verb of the command line."""

import sys


def main() -> int:
    """Run the program. Returns its exit status: 0 done, 1 failed, 2 wrong usage, 130 stopped."""
    if sys.argv[1:2] == ["--engine"]:
        from xception_gui.engine.process import run_engine

        return run_engine()
    from xception_gui.cli.main import run_command_line

    return run_command_line(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
