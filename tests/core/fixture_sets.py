"""A small set of fixtures with a row of every kind, and ways to write and spoil one."""

import json
from copy import deepcopy

SOURCE = ["paper"]
FIRST, SECOND = ["paper", "p-1"], ["paper", "p-2"]


def entry(slug, **fields):
    return {"slug": slug, "status": "published", **fields}


def state(code, **fields):
    return {"code": code, "status": "published", "name_en": f"State {code}", **fields}


def cited(*keys):
    return [{"entry": [key], "passage": FIRST} for key in keys]


_SET = {
    "sources.source": [{"slug": "paper", "kind": "article", "title": "A Paper", "date": "2016"}],
    "sources.passage": [
        {"source": SOURCE, "anchor": "p-1", "position": 1, "paragraph": 1},
        {"source": SOURCE, "anchor": "p-2", "position": 2, "paragraph": 2},
    ],
    # The second refers to the third, which comes later.
    "states.state": [
        state("KAZ", name_kk="Қазақстан"),
        state("RUS", predecessor=["SUN"]),
        state("SUN", kind="former"),
    ],
    "states.statecitation": cited("KAZ", "RUS", "SUN"),
    "states.place": [{"slug": "semey", "name_en": "Semey", "aliases": "Semipalatinsk", "state": ["KAZ"]}],
    "people.person": [entry("first", name_en="First"), entry("second", name_en="Second")],
    "people.personcitation": cited("first", "second"),
    "organizations.organization": [
        entry("bank", name_en="Bank", kind="company", state=["RUS"]),
        entry("organ", name_en="Organ", kind="organ", parent=["pact"]),
        entry("pact", name_en="Pact", kind="alliance", founded="1992", seat=["semey"]),
    ],
    "organizations.organizationcitation": cited("bank", "organ", "pact"),
    "organizations.succession": [
        entry("organ-pact", predecessor=["organ"], successor=["pact"], kind="merged", date="1993")
    ],
    "organizations.successioncitation": cited("organ-pact"),
    "organizations.membership": [
        entry(
            "kaz-pact",
            start="1992",
            end="..",
            attested="2015",
            member_state=["KAZ"],
            organization=["pact"],
            founder=True,
        )
    ],
    "organizations.membershipcitation": cited("kaz-pact"),
    "organizations.office": [
        entry("first-kaz", start="1991", holder_person=["first"], role="head_of_state", body_state=["KAZ"])
    ],
    "organizations.officecitation": cited("first-kaz"),
    "events.event": [
        entry("summit-1993", title="Summit", kind="summit", date="1993-02", place=["semey"]),
    ],
    "events.eventcitation": cited("summit-1993"),
    "events.participant": [
        {"event": ["summit-1993"], "participant_state": ["KAZ"], "role": "host"},
        {"event": ["summit-1993"], "participant_organization": ["pact"]},
        {"event": ["summit-1993"], "participant_person": ["second"], "role": "speaker"},
    ],
    "events.project": [
        entry("pipeline", start="1994", end="..", title="Pipeline", kind="pipeline", proposed="1992"),
    ],
    "events.projectcitation": cited("pipeline"),
    "events.projectparty": [
        {"project": ["pipeline"], "party_state": ["KAZ"], "role": "host"},
        {"project": ["pipeline"], "party_organization": ["bank"], "role": "lender"},
    ],
    "visits.visit": [
        entry(
            "first-rus-1993",
            visitor=["first"],
            capacity="head_of_state",
            sent_by_state=["KAZ"],
            host=["RUS"],
            date="1993-02",
            event=["summit-1993"],
            places=[["semey"]],
            met=[["second"]],
        )
    ],
    "visits.visitcitation": [
        {"entry": ["first-rus-1993"], "passage": FIRST},
        {
            "entry": ["first-rus-1993"],
            "passage": SECOND,
            "field": "date",
            "stance": "contradicts",
            "claim": "In 1994.",
        },
    ],
    "agreements.subject": [{"slug": "borders", "name_en": "Borders"}],
    "agreements.agreement": [
        entry(
            "loan-1994",
            title="Loan",
            kind="loan",
            signed="1994",
            amount="12.50",
            currency="USD",
            concluded_during=["first-rus-1993"],
            concluded_at=["summit-1993"],
            subjects=[["borders"]],
            projects=[["pipeline"]],
        ),
        entry("treaty-1995", title="Treaty", kind="treaty", signed="1995"),
    ],
    "agreements.agreementcitation": cited("loan-1994", "treaty-1995"),
    "agreements.party": [
        {"agreement": ["loan-1994"], "party_state": ["RUS"], "acting_through": ["bank"]},
        {"agreement": ["loan-1994"], "party_organization": ["pact"]},
    ],
    "agreements.agreementlink": [
        {"agreement": ["loan-1994"], "kind": "implements", "other": ["treaty-1995"]}
    ],
    "agreements.action": [{"party": ["loan-1994", "RUS"], "kind": "signature", "date": "1994"}],
    "figures.figure": [
        entry(
            "loan-worth",
            title="Worth of the loan",
            measure="loan",
            value="12.5000",
            unit="money",
            currency="USD",
            of_state=["KAZ"],
            with_organization=["bank"],
            event=["summit-1993"],
            agreement=["loan-1994"],
        )
    ],
    "figures.figurecitation": cited("loan-worth"),
}


class FixtureSet:
    """The set in a directory; `rows` may be changed and written again."""

    def __init__(self, directory):
        self.directory = directory
        self.rows = deepcopy(_SET)
        self.write()

    def write(self):
        for label, rows in self.rows.items():
            entries = [{"model": label, "fields": fields} for fields in rows]
            text = json.dumps(entries, ensure_ascii=False, indent=1) + "\n"
            self.path(label).write_text(text, encoding="utf-8")

    def path(self, label):
        return self.directory / f"{label.split('.')[1]}.json"

    def row(self, label, place=0):
        return self.rows[label][place]
