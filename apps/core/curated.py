"""What curators have changed since the fixtures were read.

An entry counts as changed by a curator if its history, or that of one of its parts (citations, parties, actions,
links; the passages of a source), has a record whose reason is neither SEED_REASON nor LOAD_REASON. A deletion is such
a record too, so that what a curator deleted does not come back. Where a kind keeps no history nobody can tell, so none
of its rows is changed either.
"""

from apps.core.fixtures import fixture_models, identifier_of, whole_field

SEED_REASON = "seed"
# Of rows that `loaddata` has taken from a file.
LOAD_REASON = "loaddata"
NOT_CURATED = (SEED_REASON, LOAD_REASON)


def root(instance):
    """What the instance is a part of, at the top; None where that is not known."""
    field = whole_field(type(instance))
    while field and instance:
        instance = getattr(instance, field.name, None)
        field = whole_field(type(instance)) if instance else None
    return instance


def _records(model):
    """The manager of the history of a kind, None if it keeps none."""
    history = getattr(model, "history", None)
    return history and history.model.objects


class Curated:
    """The entries that a curator changed; one or two queries per table when it is made, none later."""

    def __init__(self):
        self._pks = {model: set() for model in fixture_models()}
        self._names = {model: set() for model in fixture_models()}
        # Parts come after their wholes in the order of dependencies, and must be known before them here.
        for model in reversed(fixture_models()):
            self._collect(model)

    def why_kept(self, instance):
        """Why the seed must not touch this row, as the end of a sentence; "" if it may."""
        top = root(instance)
        if top.pk is None:
            return "a curator deleted or renamed it" if top.public_id in self._names[type(top)] else ""
        if top.pk in self._pks[type(top)]:
            return "a curator changed it"
        return "" if hasattr(type(top), "history") else "its kind keeps no history"

    def _collect(self, model):
        pk, whole = model._meta.pk.attname, whole_field(model)
        touched, records = self._pks[model], _records(model)
        if records:
            # What somebody did is curated, whatever reason they gave.
            not_curated = {"history_change_reason__in": NOT_CURATED, "history_user": None}
            touched |= set(records.exclude(**not_curated).values_list(pk, flat=True))
            if touched and not whole:
                name = identifier_of(model)
                pairs = records.values_list(pk, name).distinct()
                self._names[model] = {value for key, value in pairs if key in touched}
        if touched and whole:
            self._pks[whole.related_model] |= self._wholes(model, touched)

    def _wholes(self, model, parts):
        """Primary keys of what these parts are, or once were, parts of."""
        names = (model._meta.pk.attname, whole_field(model).attname)
        pairs = [*model._base_manager.values_list(*names)]
        if records := _records(model):
            pairs += records.values_list(*names).distinct()
        return {whole for part, whole in pairs if part in parts}
