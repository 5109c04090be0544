"""The tests. A worker of pytest-xdist keeps to one core from here on, before numpy counts them."""

from tests.cores import keep_to_one_core

keep_to_one_core()
