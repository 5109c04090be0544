"""Messages as lines: one JSON object each, whose `type` names the message and whose `id` the request it belongs to."""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Iterator
from typing import Any

import msgspec

from xception_gui.domain.messages.base import Event, Finished, JobRequest, Message, plain
from xception_gui.domain.messages.dataset import CheckResult, LeftOut
from xception_gui.domain.messages.engine import StopRequest
from xception_gui.domain.messages.registry import ANY_EVENT, ANY_REQUEST
from xception_gui.domain.messages.using import PictureEvaluated, PicturePredicted

_ENCODER = msgspec.json.Encoder()
_NOT_PLAIN = re.compile(r"[^ -~]+")  # occurs only inside JSON strings

LONG = 1_000_000
"""Lines longer than this, in bytes, are read in steps."""

AT_ONCE = 5000
"""Skipped files that are read in one step, which takes a few milliseconds."""


class LineError(ValueError):
    """A line is not a valid message; the error's text says why."""


def encode(message: Message, request_id: str | None = None) -> str:
    """Encode a message as one line of JSON, in ASCII, without a line end.

    File names that are not UTF-8 (Python's lone surrogates) survive as `\\udc…` escapes.
    """
    if isinstance(message, PicturePredicted | PictureEvaluated):
        with contextlib.suppress(UnicodeEncodeError):  # a file name that isn't UTF-8
            return _encode_fast(message, request_id)
    fields = plain(message)
    return json.dumps(fields if request_id is None else {"id": request_id, **fields})


def _encode_fast(message: Message, request_id: str | None) -> str:
    """Encode an event about one picture, 20 times as fast. The head ensures that its probabilities are finite."""
    text = _ENCODER.encode(message).decode()
    if not text.isascii() or "\x7f" in text:  # msgspec doesn't escape these
        text = _NOT_PLAIN.sub(lambda found: json.dumps(found[0])[1:-1], text)
    return text if request_id is None else f'{{"id":{json.dumps(request_id)},{text[1:]}'


def decode_request(line: str) -> tuple[str, JobRequest[Any] | StopRequest]:
    """Decode a request and its id.

    Raises:
        LineError: not a JSON object, an unknown type, or a missing or wrong field.
    """
    request_id, fields = _split_line(line)
    if not request_id:
        raise LineError("A request needs an “id”: a text that names the request.")
    return request_id, _convert(fields, ANY_REQUEST)


def decode_event(line: str | bytes) -> tuple[str | None, Event]:
    """Decode an event and the id of its request. Raises LineError as `decode_request` does."""
    *_, found = decode_event_in_steps(line)
    assert found is not None
    return found


def decode_event_in_steps(line: str | bytes) -> Iterator[tuple[str | None, Event] | None]:
    """Decode an event as `decode_event` does, in steps: yield None after each step, and the result at the end.

    Decoding a line of megabytes takes a while. The steps let the caller do other work in between.
    """
    try:
        request_id = _ID_DECODER.decode(line).id
        if len(line) > LONG:
            for event in _decode_long_check(line):
                yield None if event is None else (request_id, event)
        else:
            yield request_id, _EVENT_DECODER.decode(line)
    except (ValueError, RecursionError):  # not an event, or a file name in it isn't UTF-8, which msgspec refuses
        yield _decode_event_slowly(line if isinstance(line, str) else line.decode(errors="backslashreplace"))


def _decode_long_check(line: str | bytes) -> Iterator[Event | None]:
    """Decode the result of a check, the only event that can be long: its skipped files in pieces."""
    yield None
    try:
        outside = _LONG_CHECK_DECODER.decode(line).result
    except msgspec.ValidationError:  # another event
        yield _EVENT_DECODER.decode(line)
        return
    left_out: list[LeftOut] = []
    for start in range(0, len(outside.left_out), AT_ONCE):
        yield None
        left_out += map(_LEFT_OUT_DECODER.decode, outside.left_out[start : start + AT_ONCE])
    fields = {name: getattr(outside, name) for name in CheckResult.__struct_fields__}
    yield Finished(CheckResult(**{**fields, "left_out": tuple(left_out)}))


def _decode_event_slowly(line: str) -> tuple[str | None, Event]:
    request_id, fields = _split_line(line)
    return request_id, _convert(fields, ANY_EVENT)


class _Id(msgspec.Struct, frozen=True):
    id: str | None = None


class _LongCheckResult(CheckResult, frozen=True, tag="check_result"):
    left_out: tuple[msgspec.Raw, ...]  # type: ignore[assignment]  # decoded later


class _LongCheck(msgspec.Struct, frozen=True, tag="finished"):
    result: _LongCheckResult


# Several times as fast as `json` and a conversion. The window reads lines of megabytes with these.
_ID_DECODER = msgspec.json.Decoder(_Id)
_LONG_CHECK_DECODER = msgspec.json.Decoder(_LongCheck)
_LEFT_OUT_DECODER = msgspec.json.Decoder(LeftOut)
_EVENT_DECODER: msgspec.json.Decoder[Event] = msgspec.json.Decoder(ANY_EVENT)


def _split_line(line: str) -> tuple[str | None, dict[str, Any]]:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise LineError(f"This is not JSON: {error}") from error
    if not isinstance(fields, dict):
        raise LineError("A message must be a JSON object.")
    request_id = fields.pop("id", None)
    if request_id is not None and not isinstance(request_id, str):
        raise LineError("“id” must be a text.")
    return request_id, fields


def _convert(fields: dict[str, Any], kind: Any) -> Any:
    try:
        return msgspec.convert(fields, kind)
    except msgspec.ValidationError as error:
        raise LineError(str(error)) from error
