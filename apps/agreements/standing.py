"""Where a party stands towards an agreement, from what it did about it.

The rule follows the glossary of the UN Treaty Collection. Ratification, acceptance, approval, accession and succession
establish the consent to be bound. A signature that is subject to one of these does not: it is a means of
authentication, and obliges the state to refrain from acts that would defeat the treaty. Provisional application comes
before such consent, and withdrawal ends it. Whether a signature alone was meant to bind (a definitive signature) is
not recorded, so it is never taken to.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.db import models
from django.utils.translation import get_language, gettext as _, gettext_lazy, pgettext_lazy

from apps.agreements.models import Action

CONSENT = (
    Action.Kind.RATIFICATION,
    Action.Kind.ACCEPTANCE,
    Action.Kind.APPROVAL,
    Action.Kind.ACCESSION,
    Action.Kind.SUCCESSION,
)


class Code(models.TextChoices):
    WITHDRAWN = "withdrawn", pgettext_lazy("from a treaty", "withdrawn")
    BOUND = "bound", gettext_lazy("bound by consent")
    PROVISIONAL = "provisional", gettext_lazy("applies it provisionally")
    SIGNATORY = "signatory", gettext_lazy("signatory")
    NAMED = "named", gettext_lazy("named as a party")


@dataclass(frozen=True)
class Standing:
    """`code` for machines, `words` for readers, `reason` why, in one sentence."""

    code: str
    words: str
    reason: str


def standing_of(actions):
    """The Standing that follows from a party's `actions`, each with a `kind` and a partial `date`."""
    return standing_after(tuple((action.kind, action.date) for action in actions))


def standing_after(actions):
    """The Standing that follows from `actions`, a tuple of (kind, partial date).

    Only an act of consent that certainly came after every withdrawal undoes it: where the dates leave the order open,
    the party counts as withdrawn, since nobody withdraws before consenting.
    """
    return _standing_after(*deciding(actions), get_language())


def deciding(actions):
    """What of the actions the standing follows from: (their kinds, all of them where one is a withdrawal)."""
    kinds = tuple([kind for kind, _date in actions])
    return kinds, tuple(actions) if Action.Kind.WITHDRAWAL in kinds else ()


# A list has hundreds of parties, most of which did the same as others.
@lru_cache(maxsize=1024)
def _standing_after(kinds, actions, _language):
    consents = [kind for kind in CONSENT if kind in kinds and (not actions or _is_last(kind, actions))]
    if consents:
        reason = _("Consent to be bound is established by %(action)s.")
        return _standing(Code.BOUND, reason % {"action": consents[0].label})
    if actions:
        return _standing(Code.WITHDRAWN, _("A withdrawal is recorded, and no consent after it."))
    if Action.Kind.PROVISIONAL_APPLICATION in kinds:
        return _standing(
            Code.PROVISIONAL, _("It is applied provisionally, and no consent to be bound is recorded.")
        )
    if Action.Kind.SIGNATURE in kinds:
        return _standing(
            Code.SIGNATORY, _("It was signed, and a signature alone does not establish consent.")
        )
    return _standing(Code.NAMED, _("The source names it as a party and tells of no action of its own."))


def _is_last(kind, actions):
    """Whether one of the actions of this kind certainly came after every withdrawal."""
    withdrawn = max(date.latest for other, date in actions if other == Action.Kind.WITHDRAWAL)
    return any(date.earliest > withdrawn for other, date in actions if other == kind)


def _standing(code, reason):
    return Standing(code.value, str(code.label), reason)
