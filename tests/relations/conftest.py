import pytest

from tests.factories import state


@pytest.fixture
def focus(db):
    return state("KAZ", name_en="Kazakhstan")


@pytest.fixture
def china(db):
    return state("CHN", name_en="China", region="030")
