from tests.factories import agreement, person, place, state, visit


def test_visit_page(client, db):
    host = state("CHN", name_en="China")
    journey = visit(
        visitor=person(name_en="Somebody"),
        host=host,
        places=[place(name_en="Beijing", state=host)],
        met=[person(name_en="Premier"), person(name_en="Secret", status="draft")],
        date="2009-04",
        kind="state",
        occasion="An anniversary",
        discussed="Oil",
    )
    agreement(concluded_during=journey, title="A pact")
    agreement(concluded_during=journey, title="A draft", status="draft")
    page = client.get(journey.get_absolute_url()).content.decode()
    for words in (
        "Somebody to China, April 2009",
        "Beijing",
        "Premier",
        "state visit",
        "An anniversary",
        "Oil",
        "A pact",
    ):
        assert words in page
    assert "A draft" not in page and "Secret" not in page
    assert '<code title="2009-04: between 1 April 2009 and 30 April 2009">2009-04</code>' in page


def test_what_is_not_recorded_is_said(client, db):
    page = client.get(visit().get_absolute_url()).content.decode()
    assert page.count("not recorded") >= 2 and "not stated" in page
