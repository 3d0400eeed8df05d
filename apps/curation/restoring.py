"""Bringing back what an entry said at some moment: a new version, with a reason, on the way that every change goes."""

from django.core.exceptions import ObjectDoesNotExist
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.core.changes import together
from apps.curation import workflow
from apps.curation.chronicle import version_at
from apps.curation.readiness import unclean
from apps.curation.roles import may
from apps.curation.versions import (
    CANNOT_BE,
    apply,
    part_models,
    references_of,
    tried,
    version_of,
    whole_path,
    why_not,
)

RESTORED, PROPOSED, SAME = "restored", "proposed", "same"


def restore(entry, moment, *, user, reason):
    """Makes the entry say again what it said at the moment; of one that was public, as a pending revision.

    It keeps its present address. A draft that was deleted, `model(pk=...)`, is there again. Returns RESTORED, PROPOSED,
    or SAME where it says so already; raises Refused, and has written nothing.
    """
    with together():
        _may_restore(entry, user, reason)
        version = version_at(entry, moment)
        if version is None:
            raise workflow.Refused(_("It was not there at that time."))
        current = version_of(entry)
        if current:
            name = type(entry).public_id_field
            version = {**version, "own": {**version["own"], name: current["own"][name]}}
        if version == current:
            return SAME
        _refuse_what_cannot_be(entry, version)
        if workflow.was_public(entry):
            workflow.propose(entry, version, user=user, reason=reason)
            return PROPOSED
        apply(entry, version, user=user, reason=reason.strip())
        return RESTORED


def _may_restore(entry, user, reason):
    is_there = type(entry)._base_manager.filter(pk=entry.pk).exists()
    if not may(user, "change" if is_there else "add", entry):
        raise workflow.Refused(_("You may not change it."))
    if not reason.strip():
        raise workflow.Refused(_("Say why it is to be as it was."))
    if workflow.pending_of(entry):
        raise workflow.Refused(
            _(
                "There is a pending revision of it. Have that accepted or discard it, then restore this version."
            )
        )


def _refuse_what_cannot_be(entry, version):
    gone = lost_names(type(entry), version)
    if gone:
        raise workflow.Refused(
            _(
                "It names what is no longer there: %(names)s. Enter that again first, or edit the entry by hand."
            )
            % {"names": "; ".join(gone)}
        )
    if parts := [*_parts_elsewhere(entry, version)]:
        raise workflow.Refused(
            _("These parts of it belong to others now: %(parts)s.") % {"parts": "; ".join(parts)}
        )
    try:
        broken = tried(entry, version, lambda: unclean(type(entry)._base_manager.get(pk=entry.pk)))
    except CANNOT_BE as error:
        raise workflow.Refused(
            _("It does not go with what there is now: %(error)s") % {"error": why_not(error)}
        ) from error
    if broken:
        raise workflow.Refused([_("It breaks a rule:"), *broken])


def lost_names(model, version):
    """What a version refers to and is no longer there, each by its kind and the name that it had."""
    found = []
    for target, keys in references_of(model, version).items():
        there = set(target._base_manager.filter(pk__in=keys).values_list("pk", flat=True))
        found += [
            f"{capfirst(target._meta.verbose_name)} “{_last_name(target, key)}”"
            for key in sorted(keys - there)
        ]
    return found


def _last_name(model, key):
    record = model.history.filter(id=key).order_by("-history_date", "-history_id").first()
    return name_of(record) if record else f"{key}"


def name_of(record):
    """What the row was called of which this is a record; its key where what it was named after is gone as well."""
    try:
        return str(record.instance)
    except ObjectDoesNotExist:
        return f"{record.instance._meta.verbose_name} {record.id}"


def _parts_elsewhere(entry, version):
    for part in part_models(type(entry)):
        rows = part._base_manager.filter(pk__in=version["parts"].get(part._meta.label_lower, {}))
        for row in rows.exclude(**{whole_path(part, type(entry)): entry.pk}):
            yield f"{capfirst(part._meta.verbose_name)} “{row}”"
