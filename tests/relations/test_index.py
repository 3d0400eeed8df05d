"""The index of ties is what the entries say, however they were written."""

import random
import threading
import time
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from apps.agreements.models import Agreement, Party
from apps.core.changes import TellingQuerySet, together
from apps.core.models import Entry, Recorded
from apps.events.models import Event, Participant
from apps.organizations.models import Membership
from apps.people.models import Person
from apps.relations.index import rebuild
from apps.relations.models import (
    KINDS,
    PairCount,
    PairYearCount,
    SearchEntry,
    SearchWord,
    Tie,
    TieCount,
    TiedEntry,
)
from apps.relations.querysets import BY_TIME
from apps.states.models import State
from apps.visits.models import Visit
from tests import factories
from tests.factories import agreement, event, membership, organization, party, person, state, visit

pytestmark = pytest.mark.django_db


def content():
    """All that the index says, whatever its primary keys."""
    ties = {}
    for tie in Tie.objects.select_related("entry"):
        entry = {column.attname: getattr(tie.entry, column.attname) for column in TiedEntry._meta.fields[1:]}
        row = {column.attname: getattr(tie, column.attname) for column in Tie._meta.fields[1:]}
        del row["entry_id"]
        key = (tie.kind, tie.entry.key, tie.state_id, tie.organization_id, tie.person_id)
        ties[key] = (entry, row)
    for found in SearchEntry.objects.select_related("entry"):
        ties[found.entry.kind, found.entry.key] = (found.pk, found.keys, found.names, found.words)
    ties |= {(row.kind, row.word): row.entries for row in SearchWord.objects.all()}
    return ties


def made_afresh():
    """What the index says when it is made of nothing but the entries; the one that stands comes back."""
    with transaction.atomic():
        TiedEntry.objects.all().delete()
        SearchWord.objects.all().delete()
        rebuild()
        fresh = content()
        transaction.set_rollback(True)
    return fresh


def is_true():
    fresh = made_afresh()
    assert content() == fresh
    return bool(fresh)


# -- Every way to write


def test_an_entry_is_indexed_when_it_is_saved_and_gone_when_it_is_deleted():
    row = visit(date="1993-02", host=state("CHN"))
    tied = TiedEntry.objects.get(kind="visit", key=row.pk)
    assert str(tied.date) == "1993-02"
    assert tied.title == row.headline
    assert {tie.roles for tie in tied.ties.all()} == {"", "visitor", "sender", "host"}
    row.delete()
    assert not TiedEntry.objects.filter(kind="visit").exists()
    assert is_true()


@pytest.mark.parametrize("status", ["draft", "in_review", "withdrawn"])
def test_what_is_not_published_is_not_in_the_index(status):
    row = visit()
    row.status = status
    row.save()
    assert not TiedEntry.objects.filter(kind="visit").exists()


def test_an_entry_whose_title_names_what_is_not_published_is_not_in_the_index():
    visitor = person(status="draft")
    visit(visitor=visitor)
    assert not TiedEntry.objects.filter(kind="visit").exists()
    visitor.status = "published"
    visitor.save()
    assert TiedEntry.objects.filter(kind="visit").exists()
    assert is_true()


def test_an_end_that_is_not_published_is_left_out():
    hidden = state(status="draft")
    agreement(parties=[hidden, state("CHN")])
    assert not Tie.objects.concerning(hidden).exists()
    assert hidden.name_en.casefold() not in TiedEntry.objects.get(kind="agreement").search_text


def test_a_name_that_changes_changes_the_titles():
    visitor = person(name_en="Li Peng")
    visit(visitor=visitor)
    visitor.name_en = "Li Keqiang"
    visitor.save()
    assert TiedEntry.objects.get(kind="visit").title_en.startswith("Li Keqiang to ")
    assert is_true()


def test_parts_count_as_soon_as_they_are_written():
    treaty, china = agreement(), state("CHN")
    bound = party(agreement=treaty, party_state=china)
    assert Tie.objects.get(kind="agreement", state=china).roles == "party"
    bound.agreement = agreement()
    bound.save()
    assert Tie.objects.get(kind="agreement", state=china).entry.key == bound.agreement_id
    bound.delete()
    assert not Tie.objects.filter(kind="agreement", state=china).exists()
    assert is_true()


def test_roles_of_one_end_come_together():
    summit, host = event(), state()
    for role in ("organizer", "host"):
        factories.participant(event=summit, participant_state=host, role=role)
    assert Tie.objects.get(kind="event", state=host).roles == "host organizer"


def test_people_met_are_ends_from_either_side():
    row, one, other = visit(), person(), person()
    row.met.add(one)
    other.meetings.add(row)
    assert Tie.objects.filter(kind="visit", roles="met").count() == 2
    other.meetings.clear()
    assert [tie.person for tie in Tie.objects.filter(kind="visit", roles="met")] == [one]
    row.met.set([])
    assert not Tie.objects.filter(kind="visit", roles="met").exists()
    assert is_true()


@pytest.mark.parametrize("bulk", [False, True])
def test_who_was_met_and_is_deleted_is_no_end_any_more(bulk):
    row, one = visit(), person(name_en="Li Peng")
    row.met.add(one)
    assert "li peng" in TiedEntry.objects.get(kind="visit").search_text
    (Person.objects.filter(pk=one.pk) if bulk else one).delete()
    assert "li peng" not in TiedEntry.objects.get(kind="visit").search_text
    assert is_true()


def test_bulk_methods_write_the_index():
    sender, host = state(), state()
    visits = [
        Visit(
            slug=f"v-{n}", status="published", visitor=person(), sent_by_state=sender, host=host, date="1993"
        )
        for n in range(3)
    ]
    Visit.objects.bulk_create(visits)
    assert Tie.objects.concerning(host).filter(kind="visit").count() == 3
    for row in visits:
        row.date = "1995-05"
    Visit.objects.bulk_update(visits, ["date"])
    assert {str(tie.entry.date) for tie in Tie.objects.filter(kind="visit")} == {"1995-05"}
    Visit.objects.filter(slug="v-0").update(status="draft")
    assert Tie.objects.concerning(host).filter(kind="visit").count() == 2
    Visit.objects.filter(slug="v-1").delete()
    assert Tie.objects.concerning(host).filter(kind="visit").count() == 1
    treaties = [agreement(), agreement()]
    Party.objects.bulk_create([Party(agreement=treaty, party_state=host) for treaty in treaties])
    Party.objects.filter(agreement=treaties[0]).update(agreement=agreement())
    Participant.objects.bulk_create([Participant(event=event(), participant_state=host)])
    Participant.objects.all().delete()
    assert is_true()


@pytest.mark.parametrize(
    "conflicts",
    [
        {"ignore_conflicts": True},
        {"update_conflicts": True, "unique_fields": ["slug"], "update_fields": ["name_en"]},
    ],
)
def test_a_bulk_method_that_cannot_tell_what_it_wrote_is_refused(conflicts):
    with pytest.raises(TypeError, match="unexpected keyword"):
        Person.objects.bulk_create([Person(slug="a", name_en="A")], **conflicts)
    assert not Person.objects.exists()


def test_what_is_added_to_a_whole_counts():
    treaty, china = agreement(), state("CHN")
    treaty.parties.add(party(party_state=china))
    assert Tie.objects.get(kind="agreement", state=china).entry.key == treaty.pk
    sender, row = state(), visit()
    sender.visits_out.add(row)
    assert Tie.objects.get(kind="visit", state=sender).roles == "sender"
    assert is_true()


def test_all_that_is_curated_tells_of_its_changes():
    models = [model for model in apps.get_models() if issubclass(model, Recorded)]
    assert len(models) > 20
    for model in models:
        assert isinstance(model._default_manager.all(), TellingQuerySet), model
        assert isinstance(model._base_manager.all(), TellingQuerySet), model


def test_what_is_undone_leaves_the_index_as_it_was():
    row = visit()
    before = content()
    with pytest.raises(ZeroDivisionError), together():
        row.status = "draft"
        row.save()
        raise ZeroDivisionError
    assert content() == before


@pytest.mark.django_db(transaction=True)
def test_entry_and_index_are_written_together_or_not_at_all(monkeypatch):
    """Outside any transaction of the caller's, too."""
    row = visit()

    def fail(*args, **kwargs):
        raise ZeroDivisionError

    monkeypatch.setattr("apps.relations.index.write", fail)
    row.status = "draft"
    with pytest.raises(ZeroDivisionError):
        row.save()
    assert Visit.objects.get(pk=row.pk).status == "published"
    assert row.history.count() == 1
    with pytest.raises(ZeroDivisionError):
        Visit.objects.filter(pk=row.pk).update(status="draft")
    assert Visit.objects.get(pk=row.pk).status == "published"


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer from BEGIN on")
def test_two_who_change_the_same_rows_in_opposite_order_wait_for_each_other():
    one, other = person(), person()
    begun, outcomes = threading.Event(), []

    def change(first, second, wait):
        try:
            with transaction.atomic():
                Person.objects.get(pk=first).save()
                begun.set()
                time.sleep(wait)
                Person.objects.get(pk=second).save()
            outcomes.append("saved")
        except DatabaseError as error:
            outcomes.append(str(error))
        finally:
            connection.close()

    threads = [
        threading.Thread(target=change, args=[one.pk, other.pk, 0.5]),
        threading.Thread(target=change, args=[other.pk, one.pk, 0]),
    ]
    threads[0].start()
    assert begun.wait(10)
    threads[1].start()
    for thread in threads:
        thread.join(30)
    assert outcomes == ["saved", "saved"]


def test_one_write_for_many_changes(monkeypatch):
    written = []
    monkeypatch.setattr(
        "apps.relations.index.write", lambda model, pks, counts, new=(): written.append((model, list(pks)))
    )
    treaty = agreement()
    del written[:]
    with together():
        for _each in range(5):
            party(agreement=treaty, party_state=state())
        assert written == []
    assert (Agreement, [treaty.pk]) in written
    assert len([model for model, _pks in written if model is Agreement]) == 1


# -- At random


def any_date(rng):
    return rng.choice(
        ["", "1993", "1993-02-14", "[1992..1997]", "199X", "[..2007-04]", "2012/2015", "2001-23"]
    )


def any_span(rng):
    return rng.choice(
        [{}, {"start": "1992"}, {"start": "1992-03-02", "end": ".."}, {"attested": "2015"}, {"end": "2001"}]
    )


class Curator:
    """Who changes things at random, by every path that there is."""

    def __init__(self, seed):
        self.rng = random.Random(seed)
        self.states = [state(code) for code in ("KAZ", "CHN", "RUS", "TUR")]
        self.people = [person() for _each in range(3)]
        self.organizations = [organization() for _each in range(3)]

    def status(self):
        return self.rng.choice(["published", "published", "published", "draft", "withdrawn"])

    def any_row(self, model):
        return self.rng.choice([*model.objects.all()] or [None])

    def add_visit(self):
        sender, host = self.rng.sample(self.states, 2)
        visitor = self.rng.choice(self.people)
        visit(visitor=visitor, sent_by_state=sender, host=host, date=any_date(self.rng), status=self.status())

    def add_membership(self):
        where, span = self.rng.choice(self.organizations), any_span(self.rng)
        if not where.members.filter(start=span.get("start", "")).exists():
            membership(organization=where, member_state=self.rng.choice(self.states), **span)

    def add_agreement(self):
        bearers = self.rng.sample([*self.states, *self.organizations], 3)
        agreement(parties=bearers, signed=any_date(self.rng), status=self.status())

    def add_event(self):
        bearers = self.rng.sample([*self.states, *self.organizations, *self.people], 3)
        event(participants=bearers, date=any_date(self.rng), status=self.status())

    def add_project(self):
        bearers = self.rng.sample([*self.states, *self.organizations], 2)
        factories.project(parties=bearers, proposed=any_date(self.rng), **any_span(self.rng))

    def add_figure(self):
        of, with_ = self.rng.sample(self.states, 2)
        factories.figure(of_state=of, with_state=with_, date=any_date(self.rng), status=self.status())

    def change_entry(self):
        row = self.any_row(self.rng.choice([Visit, Agreement, Event]))
        if row:
            row.status = self.status()
            setattr(row, row.main_date, any_date(self.rng))
            row.save()

    def change_bearer(self):
        row = self.rng.choice([*self.states, *self.people, *self.organizations])
        row.name_en = f"Name {self.rng.random()}"
        row.name_ru = self.rng.choice(["", "Имя"])
        row.status = self.rng.choice(["published", "published", "draft"])
        row.save()

    def move_part(self):
        part, treaty = self.any_row(Party), self.any_row(Agreement)
        if part and not treaty.parties.filter(
            party_state=part.party_state, party_organization=part.party_organization
        ):
            part.agreement = treaty
            part.save()

    def delete_part(self):
        part = self.any_row(self.rng.choice([Party, Participant]))
        if part:
            part.delete()

    def delete_entry(self):
        row = self.any_row(self.rng.choice([Visit, Agreement, Event, Membership]))
        if row:
            row.delete()

    def meet(self):
        row = self.any_row(Visit)
        if row:
            row.met.set(self.rng.sample(self.people, self.rng.randint(0, 2)))

    def publish_all(self):
        model = self.rng.choice([Visit, Agreement, State])
        model.objects.filter(status="draft").update(status="published")
        Membership.objects.filter(standing="member").update(status=self.status())

    def date_all(self):
        rows = [*Visit.objects.all()]
        for row in rows:
            row.date = any_date(self.rng)
        Visit.objects.bulk_update(rows, ["date"])

    def undo(self):
        with transaction.atomic():
            self.act()
            transaction.set_rollback(True)

    def act(self):
        actions = [name for name in vars(Curator) if name.startswith(("add_", "change_", "move_", "delete_"))]
        getattr(self, self.rng.choice([*actions, "meet", "publish_all", "date_all"]))()


@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.exhaustive) for seed in range(1, 5))]
)
def test_after_any_series_of_changes_the_index_is_what_a_rebuild_makes(seed):
    curator = Curator(seed)
    for step in range(80):
        curator.undo() if step % 10 == 9 else curator.act()
    assert is_true()
    assert not rebuild(check=True).wrong


def test_a_database_older_than_the_index_is_indexed_by_migrating():
    agreement(parties=[state(), organization()])
    TiedEntry.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert is_true()


def test_another_focal_state_is_noticed_by_migrating(settings):
    kazakhstan, china, russia = state("KAZ"), state("CHN"), state("RUS")
    agreement(parties=[kazakhstan, china])
    agreement(parties=[china, russia])
    assert Tie.objects.get(kind="agreement", state=russia).with_focus is False
    settings.FOCUS_STATE = "RUS"
    call_command("migrate", verbosity=0)
    assert Tie.objects.get(kind="agreement", state=russia).with_focus is True
    assert Tie.objects.get(kind="agreement", state=kazakhstan).with_focus is False
    assert not rebuild(check=True).wrong


@pytest.mark.parametrize("model", [TieCount, PairYearCount])
def test_a_database_older_than_a_count_is_counted_by_migrating(model):
    agreement(parties=[state("KAZ"), state("CHN")])
    model.objects.all().delete()
    call_command("migrate", verbosity=0)
    assert model.objects.exists()
    assert not rebuild(check=True).wrong


@pytest.mark.parametrize("model", [TieCount, PairCount, PairYearCount])
def test_rebuild_mends_numbers_that_were_changed_behind_its_back(model):
    agreement(parties=[state("KAZ"), state("CHN")])
    row = model.objects.order_by("pk").last()
    kept = {column.attname: getattr(row, column.attname) for column in model._meta.fields[1:]}
    row.delete()
    with pytest.raises(CommandError, match="the numbers of ties"):
        call_command("rebuild_ties", "--check")
    call_command("rebuild_ties", verbosity=0)
    assert model.objects.filter(**kept).exists()


def test_whoever_a_title_names_is_an_end():
    """Otherwise the title would not follow when they are renamed."""
    for model in KINDS.values():
        assert {*model.title_parts} <= {end.path for end in model.ends}, model


# -- The command


def test_rebuild_mends_what_was_changed_behind_its_back():
    row, gone, bare = visit(), visit(), visit()
    visit()
    Tie.objects.filter(entry__key=bare.pk, kind="visit").delete()
    Tie.objects.filter(entry__key=row.pk, kind="visit").exclude(roles="").delete()
    TiedEntry.objects.filter(kind="visit", key=gone.pk).update(title_en="Wrong")
    TiedEntry.objects.create(kind="visit", key=10**6, created_at=row.created_at, updated_at=row.updated_at)
    with pytest.raises(CommandError, match="4 of 17 entries are not indexed as they should be"):
        call_command("rebuild_ties", "--check")
    said = StringIO()
    call_command("rebuild_ties", stdout=said)
    assert "4 of them mended" in said.getvalue()
    assert is_true()
    call_command("rebuild_ties", "--check", stdout=said)


def test_rebuild_keeps_the_keys_of_what_stays():
    visit()
    keys = set(Tie.objects.values_list("pk", flat=True))
    rebuild()
    assert set(Tie.objects.values_list("pk", flat=True)) == keys


# -- Where entries stand in time


def test_what_is_known_by_its_year_alone_stands_before_its_months_and_days():
    for date in ("1995-01-01", "1995", "1995-01", "[1995..1997]", "1994-12-31"):
        visit(date=date)
    order = [str(tie.entry.date) for tie in Tie.objects.one_each().filter(kind="visit").order_by(*BY_TIME)]
    assert order == ["1994-12-31", "[1995..1997]", "1995", "1995-01", "1995-01-01"]


@pytest.mark.parametrize(
    "fields, year",
    [
        ({"start": "1992"}, 1992),
        ({"attested": "2013"}, 2013),
        ({"start": "[..1995]"}, 1995),
        ({}, None),
        ({"end": "2001"}, 2001),
    ],
)
def test_a_span_stands_where_it_begins_or_where_it_is_first_known(fields, year):
    membership(**fields)
    assert Tie.objects.one_each().get(kind="membership").year == year


def test_every_kind_of_entry_is_in_the_index():
    assert set(KINDS.values()) == set(Entry.__subclasses__())
