"""The entries of the synthetic databases, but for agreements and what is told of them."""

from apps.events.models import Event, Participant, Project, ProjectParty
from apps.figures.models import Figure
from apps.organizations.models import Membership, Office, Succession
from apps.visits.models import Visit
from tests.benchmarks.synthetic.chance import FIRST, chance, date, name, some_year, span
from tests.benchmarks.synthetic.world import cited, status

# As often as they are in the seed, in tenths.
CAPACITIES = ["head_of_state"] * 5 + ["head_of_government"] * 2 + ["foreign_minister", "minister", "chair"]
VISITS = ["not_stated"] * 4 + ["official", "official", "working", "working", "state", "multilateral"]
STANDINGS = ["member"] * 7 + ["participant", "observer", "dialogue_partner"]
ROLES = ["participant"] * 5 + ["affected"] * 2 + ["initiator", "organizer", "speaker"]


def events(world):
    random = chance("events")
    for n in range(world.size.events):
        kind, place = random.choice(Event.Kind.values[:12]), random.choice(world.places)
        event = Event(
            slug=f"{kind.replace('_', '-')}-{n}",
            title=f"{kind.capitalize()} of {name(random)[0]}",
            kind=kind,
            date=date(random, some_year(random)),
            place=place if random.random() < 0.4 else None,
            summary=f"What was told of it concerned {name(random)[0]} and {name(random)[0]}.",
            **status(random),
        )
        states = world.others.several(random, random.randint(1, 3))
        if random.random() < 1 / 3:
            states.append(world.focus)
        parts = [Participant(event=event, participant_state=row, role=random.choice(ROLES)) for row in states]
        if random.random() < 0.5:
            parts.append(Participant(event=event, participant_organization=world.bodies.draw(random)))
        if random.random() < 0.3:
            parts.append(Participant(event=event, participant_person=world.travellers.draw(random)))
        world.events.append(event)
        yield cited(random, world, event, *parts)


def projects(world):
    random = chance("projects")
    for n in range(world.size.projects):
        kind = random.choice(Project.Kind.values)
        project = Project(
            slug=f"project-{n}",
            title=f"{kind.replace('_', ' ').capitalize()} of {name(random)[0]}",
            kind=kind,
            stage=random.choice(Project.Stage.values),
            proposed=str(FIRST - 1) if random.random() < 0.2 else "",
            summary=f"It concerns {name(random)[0]}.",
            **span(random),
            **status(random),
        )
        roles = random.sample(ProjectParty.Role.values, 2)
        parts = [
            ProjectParty(project=project, party_state=state, role=role)
            for state, role in zip(world.pair(random), roles, strict=True)
        ]
        world.projects.append(project)
        yield cited(random, world, project, *parts)


def memberships(world):
    random = chance("memberships")
    shares = [random.expovariate(1) + 0.2 for _organization in world.organizations]
    most, left, places = len(world.others.rows) * 3 // 4, world.size.memberships, sum(shares)
    for n, organization in enumerate(world.organizations):
        last = n == len(world.organizations) - 1
        count = left if last else min(round(left * shares[n] / places), left)
        # What is too much for this one is for those that follow.
        count, places = min(count, most), places - shares[n]
        left -= count
        states = world.others.several(random, count)
        if states and random.random() < 1 / 3:
            states[0] = world.focus
        for state in states:
            yield _membership(random, world, state, organization)


def _membership(random, world, state, organization):
    membership = Membership(
        slug=f"{state.code}-{organization.slug}".lower(),
        member_state=state,
        organization=organization,
        standing=random.choice(STANDINGS),
        founder=random.random() < 0.2,
        **span(random),
        **status(random),
    )
    return cited(random, world, membership)


def offices(world):
    random = chance("offices")
    for n in range(world.size.offices):
        person, state = world.people[n % len(world.people)], world.pair(random)[0]
        abroad = random.random() < 0.3
        role = random.choice(Office.Role.values)
        office = Office(
            slug=f"{person.slug}-{role}-{n}".replace("_", "-"),
            holder_person=person,
            role=role,
            title=role.replace("_", " ").capitalize(),
            body_state=None if abroad else state,
            body_organization=world.bodies.draw(random) if abroad else None,
            from_state=state if abroad and random.random() < 0.5 else None,
            **span(random),
            **status(random),
        )
        yield cited(random, world, office)


def visits(world):
    random = chance("visits")
    for n in range(world.size.visits):
        sender, host = world.pair(random)
        visitor, sent_by = world.travellers.draw(random), sender
        places = world.places_of.get(host.pk, [])
        by_body = random.random() < 0.02
        visit = Visit(
            slug=f"{visitor.slug}-{host.code.lower()}-{n}",
            visitor=visitor,
            capacity=random.choice(CAPACITIES),
            sent_by_state=None if by_body else sent_by,
            sent_by_organization=world.bodies.draw(random) if by_body else None,
            host=host,
            date=date(random, some_year(random)),
            kind=random.choice(VISITS),
            occasion=f"Anniversary of {name(random)[0]}" if random.random() < 0.1 else "",
            discussed=f"The {name(random)[0]} pipeline and trade" if random.random() < 0.1 else "",
            event=random.choice(world.events) if random.random() < 0.05 else None,
            **status(random),
        )
        rows = cited(random, world, visit)
        if places and random.random() < 0.4:
            rows[0].links["places"] = sorted({random.choice(places).pk for _ in range(random.randint(1, 2))})
        if random.random() < 0.15:
            met = world.travellers.several(random, random.randint(1, 3), without=(visitor,))
            rows[0].links["met"] = [person.pk for person in met]
        if n % 7 == 0:
            world.visits.append((visit, sender, host))
        yield rows


def successions(world):
    random, before = chance("successions"), world.organizations
    for n in range(world.size.successions):
        succession = Succession(
            slug=f"succession-{n}",
            predecessor=before[2 * n],
            successor=before[2 * n + 1],
            kind=random.choice(Succession.Kind.values),
            date=date(random, some_year(random)),
            **status(random),
        )
        yield cited(random, world, succession)


def figures(world):
    random = chance("figures")
    for n in range(world.size.figures):
        one, other = world.pair(random)
        figure = Figure(
            slug=f"figure-{n}",
            title=f"Trade of {one.name_en} with {other.name_en}",
            measure=random.choice(["trade_volume", "investment", "loan"]),
            value=random.randint(1, 9000) * 1_000_000,
            unit="money",
            currency="USD",
            date=date(random, some_year(random)),
            of_state=one,
            with_state=other,
            **status(random),
        )
        yield cited(random, world, figure)
