"""Who may do what: three groups that every database has, and what each adds to the one before it.

Made at the end of `migrate`, so that they are there in a new database and know of models that came later. A group keeps
what it has been given besides.
"""

from django.apps import apps

from apps.core.models import Recorded

VIEWER, EDITOR, REVIEWER = "viewer", "editor", "reviewer"
REVIEW = "curation.review"
IMPORT = "curation.import_spreadsheets"


def may(user, right, model):
    """Whether the user has Django's right ("view", "add", "change", "delete") to rows of the model."""
    return user.has_perm(f"{model._meta.app_label}.{right}_{model._meta.model_name}")


def make_roles(sender=None, **kwargs):
    """As a receiver of `post_migrate` of the last app, when all permissions are there; gives those that are missing."""
    from django.contrib.auth.models import Group, Permission
    from django.contrib.contenttypes.models import ContentType

    kinds = ContentType.objects.get_for_models(*(m for m in apps.get_models() if issubclass(m, Recorded)))
    ours = Permission.objects.filter(content_type__in=kinds.values())
    views, edits = ours.filter(codename__startswith="view_"), ours.exclude(codename__startswith="view_")
    given = {VIEWER: [views], EDITOR: [views, edits, _named(IMPORT)]}
    given[REVIEWER] = [*given[EDITOR], _named(REVIEW)]
    for name, sets in given.items():
        group, _new = Group.objects.get_or_create(name=name)
        group.permissions.add(*(permission for some in sets for permission in some))


def _named(name):
    from django.contrib.auth.models import Permission

    label, codename = name.split(".")
    return Permission.objects.filter(content_type__app_label=label, codename=codename)
