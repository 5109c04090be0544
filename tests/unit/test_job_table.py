"""The one table of jobs: each request has a job, found where the table says, which returns what the request names."""

import typing

import pytest

from xception_gui.domain.messages.registry import JOB_REQUESTS
from xception_gui.jobs.table import JOBS, Reports


def test_each_request_has_a_job_and_no_job_is_without():
    assert set(JOBS) == set(JOB_REQUESTS)


@pytest.mark.parametrize("request_kind", JOB_REQUESTS, ids=lambda kind: kind.__name__)
def test_a_job_takes_its_request_and_returns_the_result_that_it_names(request_kind):
    job = JOBS[request_kind]
    hints = typing.get_type_hints(job.function())
    (result,) = typing.get_args(request_kind.__orig_bases__[0])
    assert hints["request"] is request_kind
    assert hints["return"] is (type(None) if job.reports is Reports.BY_ITSELF else result)


@pytest.mark.parametrize("request_kind", JOB_REQUESTS, ids=lambda kind: kind.__name__)
def test_a_job_is_called_as_its_request_is_on_the_wire(request_kind):
    assert JOBS[request_kind].place.rpartition(".")[2] == request_kind.__struct_config__.tag
