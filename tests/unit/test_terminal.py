"""What the command line prints for other programs."""

import io
import json

import pytest

from xception_gui.cli.running import Terminal


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_what_is_no_json_is_not_printed(number):
    out = io.StringIO()
    with pytest.raises(ValueError, match="JSON"):
        Terminal(out, io.StringIO()).print_json([{"probability": 0.5}, {"probability": number}])
    assert out.getvalue() == ""


def test_one_document_is_printed_as_it_is():
    out = io.StringIO()
    Terminal(out, io.StringIO()).print_json({"class": "猫", "probability": 0.5})
    assert json.loads(out.getvalue()) == {"class": "猫", "probability": 0.5}
