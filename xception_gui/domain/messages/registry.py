"""All messages: everything that the topic modules declare, so that no list has to be maintained."""

from __future__ import annotations

from functools import reduce
from operator import or_
from types import ModuleType
from typing import Any

from xception_gui.domain.messages import base, dataset, engine, exporting, machine, models, training, using
from xception_gui.domain.messages.base import Event, JobRequest, JobResult
from xception_gui.domain.messages.engine import StopRequest

TOPICS: tuple[ModuleType, ...] = (base, dataset, engine, exporting, machine, models, training, using)


def _declared(kind: type[Any]) -> tuple[type[Any], ...]:
    """Return the subclasses of a kind, in the order of their declaration in the topics."""
    things = [thing for topic in TOPICS for thing in vars(topic).values() if isinstance(thing, type)]
    found = [thing for thing in things if issubclass(thing, kind) and thing is not kind]
    return tuple(dict.fromkeys(found))  # without repetitions: modules also import from each other


JOB_REQUESTS: tuple[type[JobRequest[Any]], ...] = _declared(JobRequest)
RESULTS: tuple[type[JobResult], ...] = _declared(JobResult)
EVENTS: tuple[type[Event], ...] = _declared(Event)


def _with_any_result(event: Any) -> Any:
    return event[ANY_RESULT] if getattr(event, "__parameters__", ()) else event


# Unions for msgspec's decoders.
ANY_RESULT: Any = reduce(or_, RESULTS)
ANY_REQUEST: Any = reduce(or_, (*JOB_REQUESTS, StopRequest))
ANY_EVENT: Any = reduce(or_, (_with_any_result(event) for event in EVENTS))
