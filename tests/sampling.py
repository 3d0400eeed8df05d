"""Walks over many cases of which `make quick` tries a few, and `make test` all."""

import pytest


def sample(cases, quick):
    """The cases for a `parametrize`; those that are not among `quick` are marked as exhaustive.

    For what is tried on every kind or with every odd value by the same code: what breaks it breaks it for some of
    `quick` as well, as a rule.
    """
    return [case if case in quick else rare(case) for case in cases]


def rare(case):
    """A case that only `make test` tries; a tuple is the values of several arguments."""
    return pytest.param(*(case if isinstance(case, tuple) else (case,)), marks=pytest.mark.exhaustive)
