"""Finding the rows that natural keys name, many at a time."""

from itertools import islice

from apps.core.bulk import batches
from apps.core.fixture_files import nearest
from apps.core.fixtures import frozen, kept_fields, whole_field
from apps.core.public_rows import public_id
from apps.core.tables import key_text

# Stands for the primary key of a row of the files that cannot be written.
REFUSED = -1
# Among so many names a similar one is looked for.
FEW = 5000
# Signs of a key for which one is looked for.
LONGEST = 200


class References:
    """Primary keys by natural keys: of the rows that are read, as told by `add`, and of those of the database."""

    def __init__(self):
        self._known = {}

    def add(self, model, key, pk):
        self._known.setdefault(model, {})[key] = pk

    def find(self, model, keys):
        """{natural key: primary key} of those that there are."""
        known = self._known.setdefault(model, {})
        missing = {key for key in keys if key not in known}
        if missing:
            known.update(_stored(model, missing))
        return {key: known[key] for key in keys if key in known}

    def nearest(self, model, key):
        """A suggestion to end a sentence with."""
        text = key_text(key)
        if len(text) > LONGEST:
            return ""
        names = [key_text(other) for other in islice(self._known.get(model, ()), FEW)]
        if name := public_id(model):
            names += model._base_manager.values_list(name, flat=True)[:FEW]
        return nearest(text, names)


def _stored(model, keys):
    """The same of those in the database."""
    found = {}
    if name := public_id(model):
        for batch in batches({key[0] for key in keys if len(key) == 1}):
            rows = model._base_manager.filter(**{f"{name}__in": batch}).values_list(name, "pk")
            found.update(((value,), pk) for value, pk in rows)
        return found
    # A part's key begins with that of its whole.
    whole = whole_field(model)
    near = [field.name for field in kept_fields(model) if field.many_to_one]
    for batch in batches({key[0] for key in keys}):
        condition = {f"{whole.name}__{public_id(whole.related_model)}__in": batch}
        for row in model._base_manager.filter(**condition).select_related(*near):
            if (key := frozen(row.natural_key())) in keys:
                found[key] = row.pk
    return found
