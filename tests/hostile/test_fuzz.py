"""A short run of what `make fuzz` does at length."""

import pytest

from tests.hostile.fuzz import found, run
from tests.hostile.server import failures

pytestmark = [pytest.mark.exhaustive, pytest.mark.database, pytest.mark.long]


def test_the_api_answers_as_it_says(server):
    url, log = server
    before = log.read_text(errors="replace")
    cases, kinds = found([run(url, examples=3, seed=1, phases="examples,fuzzing")])
    assert kinds == {}
    assert cases > 100
    assert not failures(log.read_text(errors="replace").removeprefix(before))
