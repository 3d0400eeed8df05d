"""What the database knew of an entry at any moment is what it said then."""

import random
from datetime import timedelta
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from apps.agreements.models import Agreement, AgreementLink
from apps.core.changes import together
from apps.core.writing import Writer
from apps.curation.chronicle import changes, chronicle, known_at, version_at
from apps.curation.versions import apply, version_of
from tests.factories import (
    action,
    agreement,
    cite,
    link,
    party,
    passage,
    person,
    place,
    project,
    state,
    subject,
    visit,
)

pytestmark = pytest.mark.django_db


class Edits:
    """Random changes of one agreement by every path there is."""

    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.states = [state() for _ in range(4)]
        self.subjects = [subject() for _ in range(3)]
        self.passages = [passage() for _ in range(3)]
        self.row = agreement(status="draft", parties=self.states[:2], title="A treaty")
        self.kept = [version_of(self.row)]

    def one(self):
        name = self.chance.choice([name for name in dir(self) if name.startswith("do_")])
        # A record of links has the rest of the row as it is in memory.
        self.row.refresh_from_db()
        getattr(self, name)()

    def any_of(self, rows):
        rows = list(rows)
        return self.chance.choice(rows) if rows else None

    def do_save(self):
        self.row.title = self.chance.choice(["A treaty", "Ә treaty", "A pact"])
        self.row.signed = self.chance.choice(["", "1993", "1994-05?", "2001-02-03"])
        self.row.save()

    def do_links(self):
        self.row.subjects.set(self.chance.sample(self.subjects, self.chance.randint(0, 3)))

    def do_delete_what_is_linked(self):
        row = project(status="draft")
        self.row.projects.add(row)
        row.delete()

    def do_party(self):
        free = [some for some in self.states if not self.row.parties.filter(party_state=some).exists()]
        if free:
            party(agreement=self.row, party_state=self.any_of(free))

    def do_drop_party(self):
        if row := self.any_of(self.row.parties.all()):
            row.delete()

    def do_action(self):
        row = self.any_of(self.row.parties.all())
        date = str(self.chance.randint(1992, 2012))
        if row and not row.actions.filter(date=date).exists():
            action(party=row, date=date)

    def do_cite(self):
        free = self.any_of(set(self.passages) - {row.passage for row in self.row.citations.all()})
        if free:
            cite(self.row, free, note="read twice")

    def do_change_citation(self):
        if row := self.any_of(self.row.citations.all()):
            row.note = f"p. {self.chance.randint(1, 9)}"
            row.save()

    def do_link(self):
        link(agreement=self.row)

    def do_drop_links(self):
        AgreementLink.objects.filter(agreement=self.row).delete()

    def do_apply(self):
        apply(self.row, self.chance.choice(self.kept), reason="back")

    def do_many_at_once(self):
        with together():
            for _ in range(3):
                self.one()

    def do_write_in_bulk(self):
        row = Agreement.objects.get(pk=self.row.pk)
        row.title = f"In bulk {self.chance.randint(1, 99)}"
        links = {"subjects": [some.pk for some in self.chance.sample(self.subjects, 2)]}
        with together():
            left = Writer(reason="a spreadsheet").write(
                Agreement, [SimpleNamespace(instance=row, links=links)]
            )
        assert left == []


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.exhaustive) for seed in range(1, 4))]
)
def test_version_at_each_moment_is_what_the_entry_said_then(seed):
    edits, said = Edits(seed), []
    for _ in range(25):
        edits.one()
        version = version_of(edits.row)
        edits.kept.append(version)
        said.append((timezone.now(), version))
    for moment, version in said:
        assert version_at(edits.row, moment) == version
    knowns = chronicle(edits.row)
    assert knowns[-1].version == said[-1][1]
    assert len({known.moment for known in knowns}) == len(knowns)
    # Each of them is the last thing known until the next.
    for moment, version in said:
        assert next(known for known in reversed(knowns) if known.moment <= moment).version == version


def test_nothing_was_known_before_nor_after():
    before = timezone.now()
    row = visit(status="draft")
    cite(row)
    at = timezone.now()
    version, key = version_of(row), row.pk
    row.delete()
    gone = type(row)(pk=key)
    assert version_at(gone, before - timedelta(seconds=1)) is None
    assert version_at(gone, at) == version
    assert version_at(gone, timezone.now()) is None
    assert known_at(gone, before - timedelta(seconds=1)) is None
    last = all_changes(gone)[-1]
    assert last.ended and {group.mark for group in last.groups} == {"removed"}


def all_changes(row):
    knowns = chronicle(row)
    return changes(type(row), knowns, range(len(knowns)))


def test_change_tells_who_why_and_what_parts_included():
    row = visit(status="draft", occasion="a summit")
    user = User.objects.create_user("asel")
    version = version_of(row)
    beijing = place(name_en="Beijing", state=state("CHN"))
    version["own"] |= {"occasion": "a dinner", "places": [beijing.pk]}
    passed = passage(paragraph=7, section="East")
    version["parts"]["visits.visitcitation"]["999"] = {
        "entry_id": row.pk,
        "passage_id": passed.pk,
        "field": "",
        "stance": "supports",
        "claim": "",
        "note": "",
    }
    apply(row, version, user=user, reason="the communiqué")
    row.refresh_from_db()
    row._history_user = user
    row.status = "in_review"
    row.save()
    *_, first, second = all_changes(row)
    assert (first.who, first.reasons, first.moved) == ([user], ["the communiqué"], False)
    own, citation = first.groups
    assert [(line.label, *line.texts) for line in own.lines] == [
        ("Occasion", "a summit", "a dinner"),
        ("Places", "", "Beijing"),
    ]
    assert own.lines[0].pieces == ((("a ", True), ("summit", False)), (("a ", True), ("dinner", False)))
    assert (citation.mark, citation.title) == ("added", f"Citation: {passed}")
    assert (second.before.status, second.after.status, second.moved, second.groups) == (
        "draft",
        "in_review",
        True,
        [],
    )


def test_what_a_deleted_row_took_along_is_a_change_of_what_named_it():
    row, met = visit(status="draft"), person(status="draft")
    row.met.add(met)
    count = len(chronicle(row))
    person(status="draft").delete()
    assert len(chronicle(row)) == count
    met.delete()
    (line,) = all_changes(row)[-1].groups[0].lines
    assert line.texts == ("deleted since", "")


@pytest.mark.once
@pytest.mark.exhaustive
def test_as_many_queries_for_two_changes_as_for_twenty():
    def edited(times):
        row = agreement(status="draft", parties=[state(), state()])
        row.subjects.add(subject())
        row.projects.add(project())
        for number in range(times):
            row.title = f"Title {number}"
            row.save()
            row.subjects.add(subject())
            cite(row)
            link(agreement=row)
            action(party=party(agreement=row))
        return row

    counts = []
    for times in (2, 20):
        row = edited(times)
        with CaptureQueriesContext(connection) as queries:
            all_changes(row)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] < 30
