"""Names in the reader's language, and the mark of those that are recorded in English only."""

import pytest
from django.template import Context, Template
from django.utils.translation import override

from apps.core.templatetags import reading
from tests.factories import organization, person, state, visit

pytestmark = pytest.mark.django_db

MARK = '<sup class="in-english" title="Записано только по-английски">en</sup>'


def english(text):
    return f'<span lang="en">{text}</span>{MARK}'


def test_a_name_is_in_the_readers_language():
    china = state(name_en="China", name_kk="Қытай", name_ru="Китай")
    names = {}
    for code in ("en", "kk", "ru"):
        with override(code):
            names[code] = reading.named(china)
    assert names == {"en": "China", "kk": "Қытай", "ru": "Китай"}


def test_a_name_that_is_not_recorded_is_marked_as_english():
    krishna = person(name_en="S. M. Krishna <b>", name_ru="", name_kk="")
    assert reading.named(krishna) == "S. M. Krishna <b>"
    with override("ru"):
        assert reading.named(krishna) == english("S. M. Krishna &lt;b&gt;")


@override("ru")
def test_a_recorded_name_in_latin_letters_is_not_marked():
    assert reading.named(organization(name_en="KEGOC", name_ru="KEGOC")) == "KEGOC"


def test_the_part_of_a_title_that_is_in_english_is_marked():
    journey = visit(
        visitor=person(name_en="S. M. Krishna", name_ru=""), host=state(name_en="Turkey", name_ru="Турция")
    )
    with override("ru"):
        assert reading.named(journey.headline) == f"{english('S. M. Krishna')} — Турция"
        shown = Template("{% load reading %}{{ row.headline|named }}").render(Context({"row": journey}))
        assert shown == f"{english('S. M. Krishna')} — Турция"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Казахстан, наблюдатель", "Казахстан, наблюдатель"),
        ("WTO: Казахстан, член", f"{english('WTO')}: Казахстан, член"),
        ("XXI век & “НАТО”", "XXI век &amp; “НАТО”"),
        (
            "Казахстан: Treaty on Friendship, Trade (2002)",
            f"Казахстан: {english('Treaty on Friendship, Trade (2002)')}",
        ),
        ("Treaty “On Borders” of 1999", english("Treaty “On Borders” of 1999")),
        ("1993", "1993"),
        ("", ""),
    ],
)
@override("ru")
def test_words_in_latin_letters_within_others_are_marked(text, shown):
    assert reading.named(text) == shown


def test_prose_is_told_to_be_in_english():
    assert reading.in_english("As the source has it.") == "As the source has it."
    with override("kk"):
        assert reading.in_english("A <b>") == '<span lang="en">A &lt;b&gt;</span>'
        assert reading.in_english("") == ""


def test_an_organization_goes_by_its_own_name_where_its_abbreviation_is_english():
    un = organization(name_en="United Nations", name_ru="Организация Объединённых Наций", abbreviation="UN")
    assert un.short_name == "UN"
    with override("ru"):
        assert un.short_name == "Организация Объединённых Наций"
    with override("kk"):
        assert un.short_name == "UN"
