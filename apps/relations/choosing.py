"""The states that an address or a form asks to be compared: by code or by name, two to four, each once."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from apps.core.faults import Fault, shortened
from apps.core.text import fold
from apps.relations.comparison import FEWEST, MOST
from apps.states.models import State

# Of what is given too often the form keeps no more than this.
MOST_KEPT = 2 * MOST


@dataclass(frozen=True)
class Choice:
    """What was given, the states that it names, and a Fault for each text that names none, or one twice.

    `among` are those to choose from.
    """

    texts: list
    states: list
    faults: list
    among: list

    @classmethod
    def of(cls, texts):
        """One query, for all published states."""
        texts = [text.strip() for text in texts if text.strip()]
        among = list(State.objects.published().order_by("name_en", "pk"))
        known = names(among)
        states, faults = [], []
        for text in texts[: MOST + 1]:
            state = known.get(text.upper()) or known.get(fold(text))
            fault = complaint(text, state, states)
            if fault:
                faults.append(Fault.of("state", text, fault))
            else:
                states.append(state)
        if len(texts) > MOST:
            given = ", ".join(shortened(text) for text in texts[:MOST_KEPT])
            detail = _("%(number)d states were given, and four at most are compared.") % {
                "number": len(texts)
            }
            faults.append(Fault.of("state", given, detail))
        return cls(texts, states, faults, among)

    @property
    def is_enough(self):
        return not self.faults and len(self.states) >= FEWEST

    @property
    def is_by_code(self):
        """Whether what was given are the codes themselves, as the address of a comparison has them."""
        return self.texts == [state.code for state in self.states]

    @property
    def fields(self):
        """[(number, value, fault)] of a form: what was given, and a place for one more."""
        told = {fault.value: fault.detail for fault in self.faults}
        names = {state.code: state.name for state in self.states}
        kept = self.texts[:MOST_KEPT]
        kept = kept + [""] * (max(FEWEST, min(MOST, len(kept) + 1)) - len(kept))
        return [
            (number, names.get(text, text), told.get(shortened(text), "") if text else "")
            for number, text in enumerate(kept, start=1)
        ]


def names(states):
    """{code, or folded name in any of the three languages: the state}"""
    known = {state.code: state for state in states}
    for state in states:
        for name in (state.name_en, state.name_kk, state.name_ru):
            if name:
                known.setdefault(fold(name), state)
    return known


def complaint(text, state, chosen):
    """What is wrong with one of the texts, a sentence; "" where nothing is."""
    if state is None:
        return _("No published state has the code or the name “%(text)s”.") % {"text": shortened(text)}
    if state in chosen:
        return _("%(state)s was given twice; give each state once.") % {"state": state}
    return ""
