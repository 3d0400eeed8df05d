"""Whom entries tie together, for the index of ties (`relations.index`): the public states, organizations and people."""

from collections import defaultdict
from functools import cache
from itertools import chain

from django.db import models

from apps.core.models import End, Entry
from apps.core.statements import Statement


def ends_of(model, entries):
    """Of the ends that are public, by the entry's key: {(bearer's kind, key): [roles]}, and the folded names."""
    roles, texts = defaultdict(lambda: defaultdict(list)), defaultdict(list)
    near = [end for end in model.ends if end.path in ("pk", *model.title_parts)]
    far = defaultdict(list)
    for end in model.ends:
        if end not in near:
            far[end.path.partition("__")[0]].append(end)
    found = chain(loaded(near, entries), *(queried(ends, model, entries) for ends in far.values()))
    for pk, kind, key, text, role in found:
        roles[pk][kind, key].append(role)
        texts[pk].append(text)
    return roles, texts


def loaded(ends, entries):
    """(entry's key, bearer's kind, its key, its folded names, role): what is loaded with the entries, and so public."""
    texts = {}  # Many entries name the same few, and each text is folded when it is read.
    for entry in entries:
        for end in ends:
            row = entry if end.path == "pk" else getattr(entry, end.path)
            if row:
                kind = row._meta.model_name
                if (kind, row.pk) not in texts:
                    texts[kind, row.pk] = row.search_text
                yield entry.pk, kind, row.pk, texts[kind, row.pk], end.role


def queried(ends, model, entries):
    """The same for ends that one relation leads to, those that are public: one query."""
    rows = statement_of(model, tuple(ends)).columns_of([entry.pk for entry in entries])
    for pk, said, *values in zip(*rows, strict=True):
        for end, (key, status, text) in zip(ends, in_threes(values), strict=True):
            if key is not None and status == Entry.Status.PUBLISHED:
                yield pk, bearer_of(model, end)._meta.model_name, key, text, end.role or said


@cache
def statement_of(model, ends):
    """Of the role, then of each end (key, status, folded names), by the keys of entries."""
    columns = [f"{end.path}__{name}" for end in ends for name in ("pk", "status", "search_text")]
    return Statement(model.objects.order_by("pk"), "pk", [ends[0].role_path or models.Value(""), *columns])


def in_threes(values):
    return zip(*[iter(values)] * 3, strict=True)


def bearer_of(model, end: End):
    """The model that the end's path leads to: State, Organization or Person."""
    for name in end.path.split("__"):
        if name != "pk":
            model = model._meta.get_field(name).related_model
    return model
