"""The tests. Each worker of pytest-xdist is bound to one core here, before numpy counts the cores."""

from tests.cores import keep_to_one_core

keep_to_one_core()
