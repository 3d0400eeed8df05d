"""The agreements of the synthetic databases, with their parties and what these did."""

from decimal import Decimal

from apps.agreements.models import Action, Agreement, AgreementLink, Party
from tests.benchmarks.synthetic.chance import LAST, chance, date, name, some_year
from tests.benchmarks.synthetic.world import cited, status
from tests.benchmarks.synthetic.writing import Row

KINDS = ["agreement"] * 4 + ["treaty", "protocol", "memorandum", "declaration", "loan", "other"]


def agreements(world):
    random, before = chance("agreements"), []
    for n in range(world.size.agreements):
        year = some_year(random)
        during = random.choice(world.visits) if random.random() < 0.3 else None
        states = list(during[1:]) if during else list(world.pair(random))
        agreement, links = _agreement(random, world, n, states, year, during)
        signed = str(agreement.signed)
        parts = []
        for party in _parties(random, world, agreement, states):
            parts.append(Row(party))
            parts += map(Row, _actions(random, party, signed, year))
        if before and random.random() < 0.05:
            kind = random.choice(AgreementLink.Kind.values)
            parts.append(Row(AgreementLink(agreement=agreement, kind=kind, other=random.choice(before))))
        rows = cited(random, world, agreement)
        rows[0].links.update(links)
        rows[1:1] = parts
        yield rows
        if n % 50 == 0:
            before.append(agreement)


def _agreement(random, world, n, states, year, during):
    kind, subjects = random.choice(KINDS), random.sample(world.subjects, random.randint(1, 3))
    one, other = (state.name_en for state in states)
    money = random.random() < 0.06
    agreement = Agreement(
        slug=f"{states[0].code}-{states[1].code}-{kind}-{n}".lower(),
        title=f"{kind.capitalize()} between {one} and {other} on {subjects[0].name_en} in {name(random)[0]}",
        kind=kind,
        signed=date(random, year),
        place=random.choice(world.places) if random.random() < 0.2 else None,
        in_force=date(random, year + 6) if year + 6 <= LAST and random.random() < 0.2 else "",
        ended=str(year + 12) if year + 12 <= LAST and random.random() < 0.1 else "",
        period=f"{year}/{year + 3}" if random.random() < 0.04 else "",
        amount=Decimal(random.randint(1, 900) * 1_000_000) if money else None,
        currency="USD" if money else "",
        concluded_during=during and during[0],
        concluded_at=random.choice(world.events) if not during and random.random() < 0.1 else None,
        **status(random),
    )
    links = {"subjects": [subject.pk for subject in subjects]}
    if random.random() < 0.05:
        links["projects"] = [random.choice(world.projects).pk]
    return agreement, links


def _parties(random, world, agreement, states):
    """Two states, or some more, now and then with an organization; 8 to 3 agreements."""
    form = random.random()
    more = 0 if form < 0.82 else random.randint(1, 3) if form < 0.94 else random.randint(2, 10)
    bearers = [*states, *world.others.several(random, more, without=states)]
    for state in bearers:
        through = world.bodies.draw(random) if random.random() < 0.05 else None
        yield Party(agreement=agreement, party_state=state, acting_through=through)
    if random.random() < 0.08:
        yield Party(agreement=agreement, party_organization=world.bodies.draw(random))


def _actions(random, party, signed, year):
    if random.random() < 0.8:
        yield Action(party=party, kind="signature", date=signed)
    if random.random() < 0.12:
        yield Action(party=party, kind="ratification", date=date(random, year + 1))
