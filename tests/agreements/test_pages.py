from tests.factories import action, agreement, link, organization, party, place, state, subject, visit


def test_agreement_page(client, db):
    china, bank = state("CHN", name_en="China"), organization(name_en="Export Bank")
    treaty = agreement(
        title="Loan for the refinery",
        kind="loan",
        signed="2014-05",
        in_force="2015",
        place=place(name_en="Shanghai"),
        amount="1000000000",
        currency="USD",
        subjects=[subject(slug="energy", name_en="energy")],
        concluded_during=visit(),
        instruments=20,
        instruments_approximate=True,
    )
    signatory = party(agreement=treaty, party_state=china, acting_through=bank)
    action(party=signatory, kind="ratification", date="2015-01")
    link(agreement=treaty, kind="extends", other=agreement(title="Older loan"))
    link(agreement=agreement(title="Hidden", status="draft"), kind="amends", other=treaty)
    page = client.get(treaty.get_absolute_url()).content.decode()
    for words in (
        "USD 1,000,000,000",
        "about 20 instruments",
        "Shanghai",
        "May 2014",
        "Export Bank",
        "ratification, January 2015",
        "bound by consent",
        "Older loan",
        "Concluded during a visit",
    ):
        assert words in " ".join(page.split())
    assert "Hidden" not in page


def test_several_instruments_of_unknown_number_are_said_to_be_that(client, db):
    page = client.get(agreement(instruments=None).get_absolute_url()).content.decode()
    assert "several instruments, their number not recorded" in page


def test_unpublished_visit_is_not_named(client, db):
    row = agreement(concluded_during=visit(status="draft", slug="secret-journey"))
    page = client.get(row.get_absolute_url()).content.decode()
    assert "Concluded during" not in page and "secret-journey" not in page
