"""Pairs of entries that may be one, less those that a curator looked at and found to be two."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from apps.core.alike import likely_duplicates
from apps.core.changes import together
from apps.curation.models import NotTheSame, kind_of
from apps.curation.reasons import check_reason
from apps.curation.roles import may
from apps.curation.steps import Refused


def pairs_to_look_at(models, limit):
    """At most `limit` of (model, key, other key): in turn one of each kind, so that none hides the others."""
    apart = {kind_of(model): set() for model in models}
    for kind, *keys in NotTheSame.objects.filter(kind__in=apart).values_list("kind", "key", "other"):
        apart[kind].add(tuple(keys))
    found = []
    for place, model in enumerate(models):
        told = apart[kind_of(model)]
        pairs = [pair for pair in likely_duplicates(model, limit + len(told)) if pair not in told]
        found += [(turn, place, (model, *pair)) for turn, pair in enumerate(pairs[:limit])]
    return [pair for _turn, _place, pair in sorted(found, key=lambda row: row[:2])[:limit]]


def tell_apart(entry, other, *, user, why):
    """Keeps that the two, which look like one, are two; raises Refused."""
    if not may(user, "change", entry):
        raise Refused(_("You may not change them, and so not tell them apart."))
    key, higher = sorted([entry.pk, other.pk])
    row = NotTheSame(kind=kind_of(type(entry)), key=key, other=higher, by=user, why=why.strip())
    with together():
        try:
            check_reason(why)
            row.full_clean()
        except ValidationError as error:
            raise Refused(error.messages) from error
        row.save()
