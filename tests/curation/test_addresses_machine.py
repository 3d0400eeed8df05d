"""No address that was ever public is ever lost, whatever is done with the entries, in whatever order.

One run of 500 random steps, always the same; ADDRESS_RUNS=20 makes so many others:

    ADDRESS_RUNS=20 .venv/bin/python -m pytest tests/curation/test_addresses_machine.py
"""

import os
from collections import Counter

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import resolve
from hypothesis import HealthCheck, Phase, assume, settings as how, strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    rule,
    run_state_machine_as_test,
)

from apps.core import views_absent
from apps.core.fixtures import identifier_of
from apps.core.views_absent import Answered
from apps.core.whereabouts import Gone, whereabouts
from apps.curation import workflow
from apps.curation.merge import merge
from apps.curation.versions import version_of
from apps.curation.workflow import Refused
from apps.organizations.models import Membership, Organization
from apps.people.models import Person
from apps.states.models import State
from apps.visits.models import Visit
from tests import factories as make

pytestmark = [pytest.mark.django_db, pytest.mark.exhaustive]

RUNS = int(os.environ.get("ADDRESS_RUNS", "1"))
STEPS = 500
# On PostgreSQL the first half of the same run: what is looked up there are keys, by equality alone.
STEPS_AGAIN = 250
# At most so many entries of a kind, so that they meet; and identifiers so few that they are taken again.
MOST, NAMES = 6, 14
KINDS = [Person, State, Organization, Visit, Membership]
NUMBERS = st.integers(0, 2**20)
# What is done, as often as it stands here.
WHAT = ["draft"] * 6 + ["publish"] * 6 + ["rename"] * 4 + ["merge"] * 3 + ["reinstate"] * 3
WHAT += ["withdraw", "withdraw_part", "delete_draft", "by_other_means"]


class Addresses(RuleBasedStateMachine):
    """Knows which identifiers were public by looking after each step, and asks what all of them answer."""

    def __init__(self):
        super().__init__()
        self._transaction = transaction.atomic()
        self._transaction.__enter__()
        self.count, self.done = 0, Counter()
        self.named, self.public = set(), set()
        self.user = User.objects.create_superuser("reviewer")
        self.passages = [make.passage() for _number in range(3)]
        make.state("KAZ")

    def teardown(self):
        try:
            self.look()
            self.ask_all(by_client)
        finally:
            transaction.set_rollback(True)
            self._transaction.__exit__(None, None, None)

    @initialize(lot=st.integers(0, 7))
    def begin(self, lot):
        """Hypothesis begins with the simplest run, which is one and the same step 500 times."""
        assume(lot)

    @rule(what=st.sampled_from(WHAT), one=NUMBERS, two=NUMBERS)
    def step(self, what, one, two):
        """One rule for all: of several Hypothesis would leave some out of a whole run."""
        getattr(self, what)(one, two)

    # What can be done

    def draft(self, one, two):
        """A draft; one in eight is written as published by a package of data, whatever its title names."""
        kind = KINDS[one // 8 % len(KINDS)]
        identifier = {identifier_of(kind): self.name(kind, two)}
        parts = self.parts(kind, one, two)
        if kind.objects.count() >= MOST or kind.objects.filter(**identifier).exists() or parts is None:
            return
        with self.tried(f"draft {kind.__name__}"):
            row = kind.objects.create(**identifier, **parts, **WORDS[kind])
            make.cite(row, self.passages[two % 3])
            if one % 8 == 0:
                row.status = "published"
                row.save()

    def publish(self, one, two):
        if row := self.pick(one, status="draft"):
            with self.tried("publish"):
                workflow.send(row, user=self.user)
                workflow.publish(row, user=self.user)

    def rename(self, one, two):
        """Of what was public by a revision, of a draft at once."""
        row = self.pick(one)
        if not row:
            return
        was_public = workflow.was_public(row)
        with self.tried("rename what was public" if was_public else "rename a draft"):
            if not was_public:
                setattr(row, row.public_id_field, self.name(type(row), two))
                row.save()
                return
            version = version_of(row)
            version["own"][row.public_id_field] = self.name(type(row), two)
            if workflow.propose(row, version, user=self.user, reason="as it is called"):
                workflow.send(row, user=self.user)
                workflow.publish(row, user=self.user)

    def merge(self, one, two):
        row = self.pick(one)
        heir = row and self.pick(two, [type(row)])
        if heir:
            with self.tried("merge"):
                merge(row, heir=heir, user=self.user, comment="the same")

    def withdraw(self, one, two):
        if row := self.pick(one, status="published"):
            with self.tried("withdraw"):
                workflow.withdraw(row, user=self.user, comment="it is wrong")

    def withdraw_part(self, one, two):
        """What the title of a public entry names."""
        whole = self.pick(one, [Visit, Membership], status="published")
        parts = [getattr(whole, name) for name in whole.title_parts] if whole else []
        parts = [part for part in parts if part and part.public_id != "KAZ"]
        if parts:
            with self.tried("withdraw what a title names"):
                workflow.withdraw(parts[two % len(parts)], user=self.user, comment="it is wrong")

    def reinstate(self, one, two):
        if row := self.pick(one, status="withdrawn"):
            with self.tried("reinstate"):
                workflow.reinstate(row, user=self.user, comment="it is right")

    def delete_draft(self, one, two):
        row = self.pick(one, status="draft")
        if row and not workflow.was_public(row):
            with self.tried("delete a draft"):
                row.delete()

    def by_other_means(self, one, two):
        """What no curator can do, and a package of data or a shell can."""
        if row := self.pick(one, status="published"):
            with self.tried("delete what is public" if two % 2 else "make a draft of what is public"):
                if two % 2:
                    row.citations.all().delete()
                    row.delete()
                else:
                    row.status = "draft"
                    row.save()

    # How it is done

    def tried(self, what):
        return _Tried(self, what)

    def name(self, kind, number):
        number %= NAMES
        return f"Q{chr(65 + number // 26)}{chr(65 + number % 26)}" if kind is State else f"entry-{number}"

    def pick(self, number, kinds=KINDS, **conditions):
        """One of the rows of these kinds, but the focal state."""
        found = [kind.objects.for_title().filter(**conditions).order_by("pk") for kind in kinds]
        rows = [row for some in found for row in some if row.public_id != "KAZ"]
        return rows[number % len(rows)] if rows else None

    def parts(self, kind, one, two):
        """What the title of a new entry names, mostly public; None where there is nothing to name."""
        found = {
            name: self.pick(number, [of], **({} if number % 5 == 0 else {"status": "published"}))
            for name, of, number in TITLES.get(kind, lambda one, two: [])(one, two)
        }
        return found if all(found.values()) else None

    # What holds

    def look(self):
        """Takes down what is public now, and what is there at all."""
        self.shown = set()
        for kind in KINDS:
            name = identifier_of(kind)
            self.named |= {(kind, key) for key in kind.objects.values_list(name, flat=True)}
            self.shown |= {(kind, key) for key in kind.objects.published().values_list(name, flat=True)}
        self.public |= self.shown

    def after(self):
        self.look()
        self.count += 1
        if self.count % 100 == 0:
            self.ask_all(by_view)
        elif self.count % 10 == 0:
            # Pages of what is public now take longest to make, and are the least in question. Page and API by turns.
            self.ask_all(by_view, but=self.shown, which=slice(self.count // 10 % 2, None, 2))

    def ask_all(self, ask, but=(), which=slice(None)):
        for kind, identifier in sorted(self.named.difference(but), key=str):
            known = (kind, identifier) in self.public
            for where in list(addresses(kind, identifier))[which]:
                answers = ask(where)
                assert answers[0] in ((200, 301, 410) if known else (404,)), (where, answers, known)
                assert answers[-1] in (200, 410, 404) and (known <= (answers[-1] != 404)), (where, answers)


class _Tried:
    """A step, all of it or nothing; refusals are fine."""

    def __init__(self, machine, what):
        self.machine, self.what, self.step = machine, what, transaction.atomic()

    def __enter__(self):
        self.step.__enter__()

    def __exit__(self, kind, error, trace):
        self.step.__exit__(kind, error, trace)
        is_refused = isinstance(error, (Refused, IntegrityError, ProtectedError))
        self.machine.done[f"{self.what}{', refused' if is_refused else ''}"] += 1
        if not error or is_refused:
            self.machine.after()
        return is_refused


WORDS = {
    Person: {"name_en": "Somebody"},
    State: {"name_en": "Some state"},
    Organization: {"name_en": "Some body", "kind": "forum"},
    Visit: {"capacity": "head_of_state"},
    Membership: {},
}
TITLES = {
    Visit: lambda one, two: [
        ("visitor", Person, one),
        ("host", State, two),
        ("sent_by_state", State, one + two),
    ],
    Membership: lambda one, two: [("member_state", State, one), ("organization", Organization, two)],
}


def addresses(kind, identifier):
    name = {Person: "people"}.get(kind, f"{kind._meta.model_name}s")
    yield f"/{name}/{identifier}/"
    yield f"/api/v1/{name}/{identifier}/"
    if kind is State:
        yield f"/relations/{identifier}/KAZ/" if identifier != "KAZ" else "/states/KAZ/feed/"


def by_view(where):
    """The statuses of the view alone, nothing drawn, followed to the end."""
    request = RequestFactory().get(where)
    request.user, request.resolver_match = None, resolve(where)
    match = request.resolver_match
    try:
        response = match.func(request, *match.args, **match.kwargs)
    except Answered as answer:
        response = answer.page(request)
    except Http404:
        return [404]
    moved = response.status_code in (301, 302)
    return [response.status_code, *(by_view(response["Location"]) if moved else [])]


def by_client(where):
    """The same as a reader gets it."""
    response = Client().get(where, follow=True)
    return [*(status for _where, status in response.redirect_chain), response.status_code]


def run(steps, runs=1):
    machines = []

    class Remembered(Addresses):
        def __init__(self):
            super().__init__()
            machines.append(self)

    settings = how(
        stateful_step_count=steps,
        max_examples=runs,
        derandomize=runs == 1,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Remembered, settings=settings)
    return machines[-1]


@pytest.fixture(autouse=True)
def alone(settings):
    settings.FOUR_EYES = False


@pytest.mark.long
@pytest.mark.timeout(480 * RUNS)
def test_every_address_that_was_public_answers_for_ever():
    machine = run(STEPS if connection.vendor == "sqlite" else STEPS_AGAIN, RUNS)
    assert machine.done.keys() >= {"publish", "rename what was public", "merge", "withdraw", "reinstate"}


def _forgets_the_heirs(model, identifier):
    found = whereabouts(model, identifier)
    return None if found and not isinstance(found, Gone) else found


def _forgets_what_was_withdrawn(model, identifier):
    found = whereabouts(model, identifier)
    return None if isinstance(found, Gone) else found


def _remembers_too_much(model, identifier):
    return whereabouts(model, identifier) or Gone(model, identifier)


@pytest.mark.once
@pytest.mark.parametrize("broken", [_forgets_the_heirs, _forgets_what_was_withdrawn, _remembers_too_much])
def test_it_would_be_noticed(broken, monkeypatch):
    monkeypatch.setattr(views_absent, "whereabouts", broken)
    with pytest.raises(AssertionError):
        run(STEPS)
