"""On continuous integration (`CI=true`), a skipped test fails: otherwise it could go unnoticed that it never runs.

`MAY_BE_SKIPPED` lists the reasons that are accepted there. Missing packages aren't among them: `.ci/run` installs them.
"""

import os
import re
from collections.abc import Generator

import pytest

MAY_BE_SKIPPED = [
    # an accelerator
    r"There may be an accelerator",
    # another system
    r"(Windows|This system|These tests speak|There are no such signals|D-Bus is for Linux|drives of Windows)\b",
    r"nothing is killed like this there|signals are not sent like this there|no file systems are mounted there",
    r"there are no such (signals|pipes)|ends a process as only POSIX can|Rights are written otherwise",
    r"This file system (has no such names|refuses the name)",
    # forbidden in a container, whatever is installed
    r"No small disk can be made here",
    r"Processes may not be traced here",
    r"No program can be run here as an ordinary user",
    r"Only root can",
    # not in the repository
    r"The data set .* is not here",
]


def _fail_if_skipped(report: pytest.TestReport | pytest.CollectReport) -> None:
    if os.environ.get("CI") != "true" or not report.skipped or hasattr(report, "wasxfail"):
        return
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    reason = reason.removeprefix("Skipped: ")
    if not any(re.match(allowed, reason) for allowed in MAY_BE_SKIPPED):
        report.outcome = "failed"
        report.longrepr = f"Skipped, which tests may not be here: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Check the outcome of each phase of a test."""
    report = yield
    _fail_if_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Check the outcome of collecting each file."""
    report = yield
    _fail_if_skipped(report)
    return report
