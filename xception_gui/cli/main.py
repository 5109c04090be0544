"""Calls the verb that was typed, and turns its outcome into messages and an exit status."""

import argparse
import os
import sys
import threading
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from xception_gui import diagnostics
from xception_gui.cli.arguments import UsageError, option_of
from xception_gui.cli.exit_status import ExitStatus
from xception_gui.cli.parser import make_parser
from xception_gui.cli.running import Terminal
from xception_gui.cli.verbs import Verb
from xception_gui.domain.errors import ErrorCode, JobStopped, ProgramError
from xception_gui.domain.recipe import RecipeError
from xception_gui.domain.visible import visible
from xception_gui.jobs.reporting import system_refused
from xception_gui.runs.run_folder import RunFolder
from xception_gui.runs.schema import Status


def run_to_the_end(words: Sequence[str]) -> NoReturn:
    """Run the verb that the arguments name, and end the process with its exit status.

    It ends as soon as all that was printed is written and all threads have ended. Python would first free all objects
    and libraries one by one, which takes a tenth as long as a first prediction.
    """
    status = run_command_line(words)
    for thread in threading.enumerate():
        if not thread.daemon and thread is not threading.current_thread():
            thread.join()
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()
    os._exit(status)


def run_command_line(words: Sequence[str]) -> int:
    """Run the verb that the arguments name. Returns the exit status."""
    arguments = make_parser(words).parse_args(words)  # on a usage error, prints it and exits with 2
    diagnostics.start_log(arguments.verb)
    terminal = Terminal(diagnostics.keep_stdout(), diagnostics.keep_stderr())
    try:
        verb: Verb = arguments.does
        return verb.run(arguments, terminal)
    except RecipeError as error:
        option = f"{option_of(error.field)}: " if error.field else ""
        print(f"xception-gui {arguments.verb}: {option}{visible(str(error))}", file=terminal.err)
        return ExitStatus.USAGE
    except UsageError as error:
        print(f"xception-gui {arguments.verb}: {visible(str(error))}", file=terminal.err)
        return ExitStatus.USAGE
    except ProgramError as error:
        terminal.print_failure(error)
        return ExitStatus.FAILED
    except JobStopped as stopped:
        print(f"xception-gui: {_stopped_words(arguments, stopped)}", file=terminal.err)
        return ExitStatus.STOPPED
    except KeyboardInterrupt:
        if _has_left_a_training(arguments):
            print(f"xception-gui: Ended at once. {_how_to_resume(arguments)}", file=terminal.err)
        return ExitStatus.STOPPED
    except BrokenPipeError:  # the reader of our output has closed it
        return ExitStatus.FAILED
    except OSError as error:  # for example stdout on a full disk
        terminal.print_failure(system_refused(error))
        return ExitStatus.FAILED
    except Exception as error:
        diagnostics.logger.exception("The command line failed")
        found = traceback.format_exception_only(error)[-1].strip()
        terminal.print_failure(ProgramError(ErrorCode.UNEXPECTED, found=found, log=diagnostics.log_file()))
        return ExitStatus.FAILED


def _stopped_words(arguments: argparse.Namespace, stopped: JobStopped) -> str:
    """Return what to tell about a job that was stopped without a result."""
    if stopped.resumable:
        return f"The training was saved. {_how_to_resume(arguments)}"
    if arguments.verb == "demo":  # its first jobs may have left pictures and a model
        return "Stopped before the end of the demo."
    return "Stopped before there was anything to keep."


def _how_to_resume(arguments: argparse.Namespace) -> str:
    """Return how to resume the training that these arguments have started."""
    if arguments.verb != "train":  # the demo, which always starts a new training
        return "To resume the training, open the Start page of the window."
    return f"To resume the training, repeat the command{'' if arguments.resume else ' with --resume'}."


def _has_left_a_training(arguments: argparse.Namespace) -> bool:
    if arguments.verb != "train":
        return False
    try:
        return RunFolder(Path(arguments.out)).read_record().status in (Status.TRAINING, Status.FAILED)
    except ProgramError:  # the training had not started
        return False
