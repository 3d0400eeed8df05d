import pytest

from apps.agreements.models import Action
from apps.agreements.standing import standing_of
from apps.core.dates import PartialDate


def standing(*acts):
    """Of "kind" or "kind date" each."""
    actions = []
    for act in acts:
        kind, _, date = act.partition(" ")
        actions.append(Action(kind=kind, date=PartialDate.parse(date)))
    return standing_of(iter(actions))


@pytest.mark.parametrize(
    ("acts", "code"),
    [
        ([], "named"),
        (["signature 1994"], "signatory"),
        (["signature 1994", "provisional_application 1995"], "provisional"),
        (["signature 1994", "ratification"], "bound"),
        (["acceptance"], "bound"),
        (["approval"], "bound"),
        (["accession 1999"], "bound"),
        (["succession 1992", "provisional_application 1991"], "bound"),
        (["ratification 1994", "withdrawal 2001"], "withdrawn"),
        (["ratification 1994", "withdrawal 2001", "accession 2005"], "bound"),
        (["ratification 1994", "withdrawal 2001", "accession 2001"], "withdrawn"),
        (["ratification", "withdrawal"], "withdrawn"),
        (["provisional_application 1994", "withdrawal 2009"], "withdrawn"),
        (["accession 1994", "withdrawal 2001", "accession 2005", "withdrawal 2010"], "withdrawn"),
    ],
)
def test_standing_follows_from_the_actions(acts, code):
    assert standing(*acts).code == code


def test_standing_has_words_and_a_reason():
    bound = standing("signature 1994", "accession 1995")
    assert (bound.words, bound.reason) == (
        "bound by consent",
        "Consent to be bound is established by accession.",
    )
