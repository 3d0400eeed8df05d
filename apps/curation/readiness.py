"""What keeps an entry from being published."""

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db.models import Q
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from apps.core.models import Entry
from apps.curation.versions import part_models, references_of, version_of, whole_path


def faults(entry):
    """Sentences, one for each thing that is to be done before the entry can be published; none where it is ready."""
    return [*_unsupported(entry), *hidden_names(entry), *_merged_names(entry), *unclean(entry)]


def unclean(entry):
    """Sentences, one for each rule that the entry or a part of it breaks."""
    return [*_unclean(entry, entry), *_unclean_parts(entry)]


def named_in_titles(entry):
    """[(kind in the plural, how many)] of the published entries that name this one in their titles.

    Readers see these only as long as they see this one.
    """
    found = []
    for model in Entry.__subclasses__():
        names = [n for n in model.title_parts if model._meta.get_field(n).related_model is type(entry)]
        naming = Q(pk__in=[])
        for name in names:
            naming |= Q(**{name: entry.pk})
        if count := names and model.objects.filter(naming, status=model.Status.PUBLISHED).count():
            found.append((model._meta.verbose_name_plural, count))
    return found


def _unsupported(entry):
    if type(entry).objects.uncited().filter(pk=entry.pk).exists():
        yield _("No passage supports it. Cite one.")


def _merged_names(entry):
    """What it names beside its title, in links and in parts too, and was merged into another, of which readers know."""
    in_title = [getattr(entry, name) for name in type(entry).title_parts]
    for model, keys in references_of(type(entry), version_of(entry)).items():
        if issubclass(model, Entry):
            for named in model.objects.for_title().filter(pk__in=keys, heir__isnull=False):
                if named in in_title:
                    continue
                words = {"name": named, "id": named.public_id, "heir": named.heir.public_id}
                yield _("“%(name)s” (%(id)s) was merged into %(heir)s. Name that one.") % words


def hidden_names(entry):
    """Its title would be the only public word of what is no entry that readers may see."""
    for name in type(entry).title_parts:
        part = getattr(entry, name)
        if isinstance(part, Entry) and not part.is_public:
            field = entry._meta.get_field(name)
            words = {"field": capfirst(str(field.verbose_name)), "name": part}
            if part.heir_id:
                words["heir"] = part.heir
                yield _("%(field)s: “%(name)s” was merged into “%(heir)s”. Name that one.") % words
            else:
                yield _("%(field)s: “%(name)s” is not published. Publish it first.") % words


def _unclean(row, about):
    try:
        row.full_clean()
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            label = "" if name == NON_FIELD_ERRORS else f"{capfirst(_label(row, name))}: "
            where = "" if row is about else f"{capfirst(row._meta.verbose_name)}: "
            yield from (f"{where}{label}{message}" for message in messages)


def _label(row, name):
    return str(row._meta.get_field(name).verbose_name)


def _unclean_parts(entry):
    model = type(entry)
    for part in part_models(model):
        for row in part._base_manager.filter(**{whole_path(part, model): entry.pk}):
            yield from _unclean(row, entry)
