"""What `datapackage.json` says of the table of a model, in the terms of Table Schema (datapackage.org)."""

from django.db import models

from apps.core.fixtures import kept_fields
from apps.core.public_rows import public_id
from apps.core.tables import column_type


def table_name(model):
    """The file of a model."""
    return f"{model._meta.model_name}.csv"


def schema(model):
    key = public_id(model)
    described = {"fields": [_field(field) for field in kept_fields(model)], "missingValues": [""]}
    if key:
        described["primaryKey"] = key
    # A key of several columns cannot be told in this way: it stands in one cell.
    foreign = [
        {
            "fields": field.name,
            "reference": {
                "resource": "" if field.related_model is model else field.related_model._meta.model_name,
                "fields": public_id(field.related_model),
            },
        }
        for field in kept_fields(model)
        if field.many_to_one and public_id(field.related_model)
    ]
    return described | ({"foreignKeys": foreign} if foreign else {})


def _field(field):
    described = {"name": field.name, "type": column_type(field), "title": str(field.verbose_name)}
    if field.help_text:
        described["description"] = str(field.help_text)
    constraints = _constraints(field)
    return described | ({"constraints": constraints} if constraints else {})


def choices(field):
    """The values that a field allows, as they are written, or [] where any is allowed."""
    return [value for value, _label in field.flatchoices] if getattr(field, "choices", None) else []


def _constraints(field):
    found = {}
    if not (field.blank or field.null or field.many_to_many):
        found["required"] = True
    if field.unique and not field.many_to_many:
        found["unique"] = True
    if isinstance(field, (models.PositiveIntegerField, models.PositiveBigIntegerField)):
        found["minimum"] = 0
    if allowed := choices(field):
        found["enum"] = allowed
    elif column_type(field) == "string" and getattr(field, "max_length", None):
        found["maxLength"] = field.max_length
    return found
