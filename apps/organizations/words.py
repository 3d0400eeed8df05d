"""What entries about organizations are called: whole sentences, so that each language can turn them as it wants."""

from operator import attrgetter

from django.utils.translation import gettext_lazy as _

from apps.core.headlines import Headline, Label, Name, Words

STANDING = Label("standing")
# The post in the words of its source, or by its role.
POST = Words("title", otherwise=Label("role"))

MEMBERSHIP = Headline(
    _("%(member)s, %(status)s of %(organization)s"),
    member=Name("member_state", "member_organization"),
    status=STANDING,
    organization=Name("organization", named=attrgetter("short_name")),
)
OFFICE = Headline(
    "%(holder)s, %(post)s, %(body)s",
    holder=Name("holder_person", "holder_state"),
    post=POST,
    body=Name("body_state", "body_organization"),
)
SUCCESSION = Headline(
    _("%(predecessor)s became %(successor)s"),
    by="kind",
    sentences={
        "renamed": _("%(predecessor)s was renamed %(successor)s"),
        "transformed": _("%(predecessor)s was transformed into %(successor)s"),
        "merged": _("%(predecessor)s merged into %(successor)s"),
        "absorbed": _("%(predecessor)s was absorbed by %(successor)s"),
        "grew": _("%(predecessor)s grew into %(successor)s"),
    },
    predecessor=Name("predecessor"),
    successor=Name("successor"),
)
