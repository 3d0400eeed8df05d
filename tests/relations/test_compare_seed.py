"""States side by side, with the project's own data."""

import pytest
from django.conf import settings

from apps.core.dates import PartialDate
from apps.relations.comparison import Comparison
from apps.relations.state_ties import StateTies
from apps.states.models import State
from tests.relations.compared import part

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded"), pytest.mark.exhaustive]


@pytest.mark.parametrize("day", ["2012-07-01", None, "1993", "2008-03"])
def test_numbers_are_those_of_the_pages_of_the_states(day):
    """Of every state of the seed, four at a time."""
    day = day and PartialDate.parse(day)
    focus, others = State.objects.focus(), list(State.objects.published().exclude(code=settings.FOCUS_STATE))
    for four in (others[number : number + 4] for number in range(0, len(others), 4)):
        comparison = Comparison(four, focus, day)
        for number, compared in enumerate(four):
            ties = StateTies(compared, focus, day)
            lines = {line.kind: line for line in ties.summary}
            shown = {row.id: row.cells[number] for row in part(comparison, "ties").rows}
            for kind in ("membership", "visit", "agreement", "event", "project", "figure", "office"):
                line, cell = lines.get(kind), shown[f"{kind}s"]
                told = (line.count, line.certain, line.first, line.last) if line else (0, None, None, None)
                found = (cell.count, cell.certain if cell.count else None, cell.first, cell.last)
                assert (compared.code, kind, found) == (compared.code, kind, told)
            ways = [len(ties.visits_in.rows), len(ties.visits_out.rows)]
            assert [shown["visits_in"].count, shown["visits_out"].count] == ways
