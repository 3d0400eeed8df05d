"""Sentences about organizations: whole, so that each language can put the names where it wants them."""

from django.utils.translation import gettext_lazy as _

# By the kind of a succession; the first of whatever kind.
SUCCESSION = _("%(predecessor)s became %(successor)s")
SUCCESSIONS = {
    "renamed": _("%(predecessor)s was renamed %(successor)s"),
    "transformed": _("%(predecessor)s was transformed into %(successor)s"),
    "merged": _("%(predecessor)s merged into %(successor)s"),
    "absorbed": _("%(predecessor)s was absorbed by %(successor)s"),
    "grew": _("%(predecessor)s grew into %(successor)s"),
}
