"""The subjects of the synthetic databases: sources, states, places, organizations and people.

States have the codes, names and regions of real ones, so that the map has them; all else is made up.
"""

import json
from dataclasses import dataclass, field
from functools import cached_property

from babel import Locale
from babel.core import get_global
from django.conf import settings

from apps.agreements.models import Subject
from apps.organizations.models import Organization
from apps.people.models import Person
from apps.relations.geometry import WORLD
from apps.sources.models import Passage, Source
from apps.states.models import Place, State
from tests.benchmarks.synthetic.chance import Skewed, chance, date, name, some_year
from tests.benchmarks.synthetic.writing import Row, write

# The states that most entries are of, besides the focal one.
FREQUENT = "RUS CHN UZB KGZ TUR USA TJK DEU UKR BLR AZE IND IRN FRA GBR JPN KOR ITA ARE TKM"
NOUNS = "Union Bank Council Commission Agency Forum Alliance Conference Centre Fund"
TOPICS = (
    "Trade Energy Water Borders Transport Culture Science Security Space Health Tourism Customs Metals Grain "
    "Nuclear Safety Regional Development Digital Economy Disaster Relief Higher Education"
)


@dataclass
class World:
    """What entries are about; `events` and `visits` are keys of those that others refer to."""

    size: object
    passages: list = field(default_factory=list)
    states: list = field(default_factory=list)
    places: list = field(default_factory=list)
    organizations: list = field(default_factory=list)
    people: list = field(default_factory=list)
    subjects: list = field(default_factory=list)
    events: list = field(default_factory=list)
    projects: list = field(default_factory=list)
    visits: list = field(default_factory=list)

    @property
    def focus(self):
        return self.states[0]

    @cached_property
    def others(self):
        """The states but the focal one, the frequent first."""
        return Skewed(self.states[1:])

    @cached_property
    def bodies(self):
        return Skewed(self.organizations)

    @cached_property
    def travellers(self):
        return Skewed(self.people)

    @cached_property
    def places_of(self):
        found = {}
        for place in self.places:
            found.setdefault(place.state_id, []).append(place)
        return found

    def pair(self, random):
        """Two states, one of which is the focal one in a third of all cases."""
        one = self.others.draw(random)
        other = self.focus if random.random() < 1 / 3 else self.others.other(random, one)
        return (one, other) if random.random() < 0.5 else (other, one)


def cited(random, world, entry, *more):
    """The Rows of an entry: itself and a passage that supports it, of a few a second, for a field or against it."""
    model = type(entry).citations.rel.related_model
    passage = random.choice(world.passages)
    rows = [Row(entry), *map(Row, more), Row(model(entry=entry, passage=passage))]
    kind = random.random()
    if kind < 0.1 and getattr(entry, "main_date", ""):
        rows.append(Row(model(entry=entry, passage=passage, field=entry.main_date)))
    elif kind < 0.11:
        other = {"stance": "contradicts", "claim": f"It was in {some_year(random)}."}
        rows.append(Row(model(entry=entry, passage=random.choice(world.passages), **other)))
    return rows


def status(random):
    """{columns that every entry has}: one in a hundred is a draft, one in twenty was concluded."""
    inferred = random.random() < 0.05
    noted = inferred or random.random() < 0.6
    return {
        "status": "draft" if random.random() < 0.01 else "published",
        "basis": "inferred" if inferred else "stated",
        "note": f"The passage names {name(random)[0]} as well, and is not clear about the day."
        if noted
        else "",
    }


def make(size, *, history):
    """Writes all of them and returns the World that they make."""
    world = World(size)
    for part in (sources, subjects, states, places, organizations, people):
        write(part.__name__, part(world), history=history)
    return world


def sources(world):
    random = chance("sources")
    for n in range(world.size.sources):
        surname, given = name(random)[0], name(random, 1)[0]
        source = Source(
            slug=f"{surname.lower()}-{n}",
            kind=random.choice(["article", "book", "news", "document"]),
            title=f"The Relations of {name(random)[0]} and {name(random)[0]}",
            authors=f"{surname}, {given}",
            publisher=f"{name(random)[0]} Press",
            date=date(random, some_year(random)),
        )
        passages = [
            Passage(source=source, anchor=f"p-{place}", position=place, paragraph=place, research="encoded")
            for place in range(1, random.randint(10, 60))
        ]
        world.passages += passages
        yield [Row(source), *map(Row, passages)]


def subjects(world):
    for row in _fixture("subject"):
        world.subjects.append(Subject(**row))
        yield [Row(world.subjects[-1])]


def states(world):
    random = chance("states")
    known = {row["code"]: row for row in _fixture("state")}
    drawn = [*json.loads(WORLD.read_text())["shapes"]]
    codes = dict.fromkeys([settings.FOCUS_STATE, *FREQUENT.split(), *random.sample(drawn, len(drawn))])
    locales = {language: Locale(language).territories for language, _name in settings.LANGUAGES}
    for code in [code for code in codes if get_global("territory_aliases").get(code)][: world.size.states]:
        (alpha2, *_more) = get_global("territory_aliases")[code]
        names = {f"name_{language}": locale[alpha2] for language, locale in locales.items()}
        region = known.get(code, {}).get("region") or random.choice(State.Region.values)
        state = State(code=code, alpha2=alpha2, region=region, status="published", **names)
        world.states.append(state)
        yield cited(random, world, state)


def places(world):
    random, states = chance("places"), Skewed(world.states)
    for n in range(world.size.places):
        # Each state has one, if there are enough.
        state = world.states[n] if n < len(world.states) else states.draw(random)
        latin, cyrillic = name(random)
        world.places.append(
            Place(slug=f"{latin.lower()}-{n}", state=state, name_en=latin, name_kk=cyrillic, name_ru=cyrillic)
        )
        yield [Row(world.places[-1])]


def organizations(world):
    random, states = chance("organizations"), Skewed(world.states)
    nouns, topics = NOUNS.split(), TOPICS.split()
    for n in range(world.size.organizations):
        (latin, cyrillic), noun, topic = name(random), random.choice(nouns), random.choice(topics)
        own = random.random() < 0.25
        organization = Organization(
            slug=f"{latin.lower()}-{noun.lower()}-{n}",
            name_en=f"{latin} {noun} for {topic}",
            name_ru=f"{cyrillic} {n}" if random.random() < 0.6 else "",
            name_kk=f"{cyrillic} {n}" if random.random() < 0.4 else "",
            abbreviation=f"{latin[0]}{noun[0]}{topic[0]}{n}" if random.random() < 0.5 else "",
            kind=random.choice(["ministry", "company", "agency"] if own else Organization.Kind.values[:9]),
            founded=date(random, random.randint(1945, 1990)),
            seat=random.choice(world.places) if random.random() < 0.4 else None,
            state=states.draw(random) if own else None,
            **status(random),
        )
        world.organizations.append(organization)
        yield cited(random, world, organization)


def people(world):
    random = chance("people")
    for n in range(world.size.people):
        (surname, in_cyrillic), (given, given_cyrillic) = name(random), name(random, 1)
        cyrillic = f"{given_cyrillic} {in_cyrillic}"
        person = Person(
            slug=f"{surname.lower()}-{given.lower()}-{n}",
            name_en=f"{given} {surname}",
            name_kk=cyrillic if random.random() < 0.4 else "",
            name_ru=cyrillic if random.random() < 0.6 else "",
            aliases=surname,
            **status(random),
        )
        world.people.append(person)
        yield cited(random, world, person)


def _fixture(name):
    rows = json.loads((settings.BASE_DIR / "fixtures" / f"{name}.json").read_text())
    return [row["fields"] for row in rows]
