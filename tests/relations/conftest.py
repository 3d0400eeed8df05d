import pytest

from apps.core.recording import unrecorded
from tests.factories import state


@pytest.fixture
def focus(db):
    return state("KAZ", name_en="Kazakhstan")


@pytest.fixture
def china(db):
    return state("CHN", name_en="China", region="030")


@pytest.fixture
def without_history():
    """For tests that make many rows and say nothing of their history."""
    with unrecorded():
        yield
