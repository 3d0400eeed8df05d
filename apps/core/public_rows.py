"""Which rows of the tables the public may see, and the one order in which they are written."""

from functools import cache

from django.db import connection, models
from django.db.models import Exists, F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Collate

from apps.core.fixtures import identifier_of, kept_fields

# The order of code points, which is that of UTF-8 and of Python too.
_BY_CODE_POINT = {"postgresql": "C", "sqlite": "BINARY"}


@cache
def _needed(model):
    """The foreign keys without which a row says nothing, or breaks a rule: where they may not be told, nor may it.

    Those that a title names are not among them, as `published()` looks at these itself.
    """
    rules = [rule.condition for rule in model._meta.constraints if isinstance(rule, models.CheckConstraint)]
    named = {name for condition in rules for name in condition.referenced_base_fields}
    keys = [field for field in kept_fields(model) if field.many_to_one]
    told = getattr(model, "title_parts", ())
    return [field for field in keys if field.name not in told and (not field.null or field.name in named)]


def public(model):
    """The rows of a model that the package has: published, and part of or about what it has too."""
    rows = model._default_manager.all()
    rows = rows.published() if hasattr(rows, "published") else rows
    for field in _needed(model):
        targets = public(field.related_model)
        if targets.query.where:
            # Not IN: to find some rows by their keys, SQLite would first list all that are public.
            condition = Q(Exists(targets.order_by().filter(pk=OuterRef(field.attname))))
            rows = rows.filter(condition | Q(**{f"{field.name}__isnull": True}) if field.null else condition)
    return rows


@cache
def public_id(model):
    """The name of the one column that tells the rows of a model apart, None where it takes several."""
    name = identifier_of(model)
    return name if any(field.name == name for field in kept_fields(model)) else None


@cache
def key_fields(model):
    """The fields that tell the rows of a model apart as their natural keys do, in the order of its columns.

    What one of several kinds may bear (a party is a state or an organization) has a rule of uniqueness for each.
    """
    if name := public_id(model):
        return (model._meta.get_field(name),)
    rules = [rule for rule in model._meta.constraints if isinstance(rule, models.UniqueConstraint)]
    rules = [rule for rule in rules if rule.condition] or rules[:1]
    names = {name for rule in rules for name in rule.fields}
    return tuple(field for field in kept_fields(model) if field.name in names)


def key_order(model, prefix=""):
    """For `order_by`: the columns of the key, compared sign by sign, not as the language of the database sorts."""
    for field in key_fields(model):
        path = f"{prefix}{field.name}"
        if field.is_relation:
            yield from key_order(field.related_model, f"{path}__")
        elif isinstance(field, models.CharField):
            # Of what a row does not refer to, the key is NULL, which sorts first or last as the database likes.
            text = Coalesce(F(path), Value("")) if prefix else F(path)
            yield Collate(text, _BY_CODE_POINT[connection.vendor]).asc()
        else:
            yield F(path).asc()
