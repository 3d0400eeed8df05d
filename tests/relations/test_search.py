"""The search: what it finds, in which order, and that it is the same on both databases.

The table holds what each search finds first in the project's own data. It is asked on whichever database the tests run.
"""

from dataclasses import replace

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from apps.core.paging import MAX_LIMIT
from apps.relations.models import SearchEntry, SearchWord, TiedEntry
from apps.relations.querysets import SUBJECTS
from apps.relations.search_query import LONGEST, Asked
from apps.relations.search_shown import shown
from apps.relations.searching import MOST, Search, candidates
from apps.relations.viewsets_search import HitSerializer
from apps.states.models import Place
from tests.sampling import sample

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("seeded")]

FIRST = [
    ("Nazarbaev", "person nazarbayev-nursultan"),
    ("Nazarbayev", "person nazarbayev-nursultan"),
    ("Nazarbajev", "person nazarbayev-nursultan"),
    ("Назарбаев", "person nazarbayev-nursultan"),
    ("Назарбаевтың", "person nazarbayev-nursultan"),
    ("Назарбаева", "person nazarbayev-nursultan"),
    ("Нурсултан", "person nazarbayev-nursultan"),
    ("Nursultan Nazarbayev", "person nazarbayev-nursultan"),
    ("Нұрсұлтан Назарбаев", "person nazarbayev-nursultan"),
    ("НАЗАРБАЕВ НУРСУЛТАН", "person nazarbayev-nursultan"),
    ("Nazarbaef", "person nazarbayev-nursultan"),
    ("Qazaqstan", "state KAZ"),
    ("Қазақстан", "state KAZ"),
    ("Қазақстанның", "state KAZ"),
    ("Qazaqstannyñ", "state KAZ"),
    ("Kazakhstan", "state KAZ"),
    ("Казахстан", "state KAZ"),
    ("Казахстана", "state KAZ"),
    ("Kazahstan", "state KAZ"),
    ("ＫＡＺＡＫＨＳＴＡＮ", "state KAZ"),
    ("KAZ", "state KAZ"),
    ("Republic of Kazakhstan", "state KAZ"),
    ("ШОС", "organization sco"),
    ("ШЫҰ", "organization sco"),
    ("ШЫҰ-ның", "organization sco"),
    ("SCO", "organization sco"),
    ("shanghai coop", "organization sco"),
    ("Shanghai Cooperation Organisation", "organization sco"),
    ("Шанхайской организации сотрудничества", "organization sco"),
    ("Shangai Five", "organization shanghai-five"),
    ("ОБСЕ", "organization osce"),
    ("ЕҚЫҰ", "organization osce"),
    ("ООН", "organization un"),
    ("Объединённых Наций", "organization un"),
    ("Tokaev", "person tokayev-kassym-jomart"),
    ("Тоқаев", "person tokayev-kassym-jomart"),
    ("Qasym-Jomart Toqaev", "person tokayev-kassym-jomart"),
    ("Касым-Жомарт Токаев", "person tokayev-kassym-jomart"),
    ("Массимов", "person massimov-karim"),
    ("Mäsimov", "person massimov-karim"),
    ("Franc\u0327ois Mitterrand", "person mitterrand-francois"),
    ("francois mitterand", "person mitterrand-francois"),
    ("Миттерана", "person mitterrand-francois"),
    ("Xi", "person xi-jinping"),
    ("Россию", "state RUS"),
    ("Rossiya", "state RUS"),
    ("Ресей", "state RUS"),
    ("turkey", "state TUR"),
    ("Киргизии", "state KGZ"),
    ("U.S.A.", "state USA"),
    ("США", "state USA"),
    ("Китаем", "state CHN"),
    ("Semipalatinsk", "event 2006-09-08-semey-summit"),
    ("Nur-Sultan", "organization nato-information-centre-astana"),
    ("Baikonur", "project baikonur-space-centre"),
    ("Байқоңыр", "project baikonur-space-centre"),
    ("Kashagan", "project kashagan-field"),
    ("Tashkent Declaration", "agreement 1992-tashkent-declaration"),
    ("osce summit 2010", "event 2010-osce-summit-astana"),
    ("Nazarbayev China 2014", "visit nazarbayev-chn-2014-05"),
    ("treaty between Kazakhstan and Russia", "agreement 2014-eaeu-treaty"),
    ("zzzz", ""),
]


def first(text, **how):
    ranked = Search(text, **how).ranked
    return f"{ranked[0].kind} {ranked[0].public_id}" if ranked else ""


@pytest.mark.parametrize("text, expected", sample(FIRST, FIRST[::3]), ids=[text for text, _expected in FIRST])
def test_what_is_found_first(text, expected):
    assert first(text) == expected


def test_the_table_is_long_enough():
    assert len(dict(FIRST)) >= 60


def test_all_that_is_found_is_in_one_order():
    """The whole of it, which is the same on both databases: kinds, how well they fit, how much there is of each."""
    search = Search("shanghai coop")
    assert [(kind, len(hits)) for kind, hits in search.hits.items()] == [
        ("organization", 1),
        ("membership", 15),
        ("office", 4),
        ("succession", 1),
        ("event", 8),
        ("project", 1),
        ("agreement", 8),
        ("figure", 1),
    ]
    assert [hit.public_id for hit in search.hits["agreement"]][:3] == [
        "2010-un-sco-joint-declaration",
        "2005-sco-astana-declaration",
        "2005-sco-counter-terrorism-strategy",
    ]


def test_of_many_the_latest_are_ranked_and_that_there_are_more_is_said():
    search = Search("Kazakhstan")
    assert len(search.hits["visit"]) == MOST and "visit" in search.more
    assert "state" not in search.more
    latest = TiedEntry.objects.filter(kind="visit", search__words__contains="kazahstan").order_by(
        "search__pk"
    )
    assert {hit.entry_id for hit in search.hits["visit"]} == {row.pk for row in latest[:MOST]}
    assert len(Search("Kazakhstan", kind="visit").hits["visit"]) == latest.count()


def test_frequent_words_are_gone_through_and_rare_ones_are_looked_up():
    """To the same result; which is done follows from the counts."""
    frequent = {kind.name: kind for kind in Search("Kazakhstan").kinds}
    assert frequent["visit"].is_frequent and not frequent["state"].is_frequent
    assert not any(kind.is_frequent for kind in Search("Kashagan").kinds)
    for kind in frequent.values():
        walked = type(kind)(**vars(kind) | {"steps": kind.entries, "at_most": 10**6})
        seldom = type(kind)(**vars(kind) | {"at_most": 0})
        short = type(kind)(**vars(kind) | {"steps": 1, "at_most": 10**6})
        assert walked.is_frequent and not seldom.is_frequent
        found = [{row[0] for row in candidates([one])} for one in (walked, seldom, short)]
        assert found[0] == found[1] == found[2] != set()


def test_the_latest_of_many_are_those_that_are_found_by_going_through_all():
    """Stretch by stretch, as few at first as there are, so that there are more behind them."""
    for kind in Search("Kazakhstan").kinds:
        if kind.name not in SUBJECTS:
            many = replace(kind, most=5, steps=10**6, at_most=4 * 10**5)
            assert many.is_many and not many.is_frequent and many.stretches == 1
            assert first_of([many], "kazahstan") == {kind.name: expected(many, "kazahstan")}


def test_a_year_is_that_of_an_entry_or_one_that_it_mentions():
    """On PostgreSQL two words, by the first of which those of a year are gone through; FTS5 has one."""
    year = "2010"
    mentions = SearchEntry.objects.filter(entry__kind="visit").order_by("pk").first()
    assert year not in mentions.words
    SearchEntry.objects.filter(pk=mentions.pk).update(words=f"{mentions.words} {year}")
    kinds = Search(year).kinds
    assert {kind.name: kind.year for kind in kinds} == {kind.name: year for kind in kinds} != {}
    for kind in kinds:
        for most, steps, at_most in ((kind.most, kind.steps, 10**6), (2, 1, 10**6), (kind.most, 10**6, 0)):
            one = replace(kind, most=most, steps=steps, at_most=at_most)
            assert first_of([one], year) == {kind.name: expected(one, year)}
    assert mentions.pk == expected(next(kind for kind in kinds if kind.name == "visit"), year)[0]
    assert not any(kind.year for kind in Search("2010 2011").kinds)


def first_of(kinds, word):
    found = {}
    for row in sorted(candidates(kinds)):
        found.setdefault(row[4], []).append(row[0])
    return {kind.name: found[kind.name][: kind.most] for kind in kinds}


def expected(kind, word):
    rows = SearchEntry.objects.filter(entry__kind=kind.name, words__regex=rf"(^| ){word}( |$)")
    return [*rows.order_by("pk").values_list("pk", flat=True)[: kind.most]]


def test_the_same_number_of_queries_whatever_is_found(django_assert_max_num_queries):
    for text in ("Kashagan", "Kazakhstan", "ka", "ШОС"):
        with django_assert_max_num_queries(14):
            search = Search(text)
            shown([hit for hits in search.hits.values() for hit in hits[:5]], search.asked)


# -- The page


def page(client, query, status=200):
    response = client.get(f"/search/?{query}")
    assert response.status_code == status
    return response


def test_page_shows_groups_and_the_name_that_was_found(client):
    response = page(client, "q=ШОС")
    text = response.content.decode()
    assert [group.kind for group in response.context["groups"]][:2] == ["organization", "event"]
    assert '<a href="/organizations/sco/">Shanghai Co-operation Organization</a>' in text
    assert "<mark>ШОС</mark>" in text
    assert '<meta name="robots" content="noindex">' in text
    assert response.context["reference"].path == "/search/?q=%D0%A8%D0%9E%D0%A1"


def test_titles_are_in_the_readers_language_and_links_keep_the_day(client):
    text = client.get("/ru/search/?q=SCO&as_of=2012").content.decode()
    assert '<a href="/ru/organizations/sco/?as_of=2012">Шанхайская организация сотрудничества</a>' in text
    assert '<input type="hidden" name="as_of" value="2012">' in text


def test_what_is_typed_is_text(client):
    text = page(client, "q=<script>alert(1)</script>").content.decode()
    assert "<script>alert" not in text and "&lt;script&gt;" in text


@pytest.mark.parametrize(
    "query, said",
    [
        ("", "Type a name"),
        ("q=", "Type a name"),
        ("q=%20%20", "Type a name"),
        ("q=…()", "at least one letter or digit"),
        ("q=%CC%81%CC%81", "at least one letter or digit"),
        (f"q={'x' * (LONGEST + 1)}", f"at most {LONGEST}"),
    ],
)
def test_where_there_is_nothing_to_look_for_the_page_says_what_to_do(client, query, said):
    response = page(client, query)
    assert said in response.content.decode()
    assert response.context["reference"] is None


@pytest.mark.parametrize("query", ["q=a&x=1", "q=a&kind=nothing", "q=a&q=b&kind=x", "q=a&cursor=x"])
def test_wrong_parameters_are_named(client, query):
    assert page(client, query, 400).context["faults"]


def test_a_wrong_day_is_refused_as_on_every_page(client):
    page(client, "q=SCO&as_of=x", 400)
    assert "the same on any day" in page(client, "q=SCO&as_of=2012").content.decode()


def test_nothing_found_offers_the_words_that_are(client):
    response = page(client, "q=Kashagan+Mitterrand")
    assert response.context["groups"] == []
    assert [word for word, _address in response.context["alone"]] == ["kashagan", "mitterrand"]
    assert page(client, "q=zzzzzz").context["alone"] == []


def test_names_one_letter_away_are_said_to_be_no_more(client):
    assert "one letter away" in page(client, "q=Nazarbaef").content.decode()
    assert "one letter away" not in page(client, "q=Nazarbaev").content.decode()


def test_one_kind_comes_page_by_page(client):
    seen, query = [], "q=Kazakhstan&kind=agreement&limit=7"
    while query:
        response = page(client, query)
        (group,) = response.context["groups"]
        seen += [row.entry.public_id for row in group.rows]
        query = response.context["page"].next_query.removeprefix("?")
    assert seen == [hit.public_id for hit in Search("Kazakhstan", kind="agreement").ranked]
    assert len({*seen}) == len(seen) > 20
    back = page(client, response.context["page"].previous_query.removeprefix("?"))
    assert [row.entry.public_id for row in back.context["groups"][0].rows] == seen[
        -len(group.rows) - 7 : -len(group.rows)
    ]


# -- While one types


def test_suggestions_are_a_list_and_no_page(client):
    response = client.get("/search/suggest/?q=Назар")
    text = response.content.decode()
    assert text.count("<li>") == 8 and "<html" not in text
    assert text.index("/people/nazarbayev-nursultan/") < text.index("/visits/")
    assert response.headers["X-Robots-Tag"] == "noindex"


@pytest.mark.parametrize("query", ["", "q=", "q=a", "q=zzzz", f"q={'x' * 999}", "q=…&x=1"])
def test_suggestions_of_nothing_are_nothing(client, query):
    assert client.get(f"/search/suggest/?{query}").content.strip() == b""


def test_the_field_is_on_every_page_and_needs_no_script(client):
    text = client.get("/states/").content.decode()
    assert '<form action="/search/" method="get">' in text
    assert "hx-on" not in text and "<script>" not in text
    for name in ("search.css", "search.js", "htmx-2.min.js"):
        assert name in text


# -- The API


def test_api_answers_hits_in_order(client):
    answer = client.get("/api/v1/search/?q=ШОС&limit=1").json()
    following = answer.pop("next")
    assert answer == {
        "count": 39,
        "previous": None,
        "complete": True,
        "near": False,
        "results": [
            {
                "kind": "organization",
                "identifier": "sco",
                "title": "Shanghai Co-operation Organization",
                "titles": {
                    "en": "Shanghai Co-operation Organization",
                    "kk": "Шанхай ынтымақтастық ұйымы",
                    "ru": "Шанхайская организация сотрудничества",
                },
                "when": None,
                "fits": "other_name",
                "name": "ШОС",
                "url": "http://testserver/api/v1/organizations/sco/",
                "html_url": "http://testserver/organizations/sco/",
            }
        ],
    }
    assert [*answer["results"][0]] == [*HitSerializer().fields]
    second = client.get(following).json()
    assert second["results"][0]["kind"] == "event" and second["previous"]
    assert client.get(second["previous"]).json()["results"] == answer["results"]


@pytest.mark.parametrize(
    "query, named",
    [
        ("", "q"),
        ("q=", "q"),
        ("q=…", "q"),
        (f"q={'x' * (LONGEST + 1)}", "q"),
        ("q=a&q=b", "q"),
        ("q=a&kind=place", "kind"),
        (f"q=a&limit={MAX_LIMIT + 1}", "limit"),
        ("q=a&cursor=x", "cursor"),
        ("q=a&format=csv", "format"),
        ("q=a&bom=yes", "bom"),
        ("q=a&as_of=2012", "as_of"),
    ],
)
def test_api_refuses_and_names(client, query, named):
    response = client.get(f"/api/v1/search/?{query}")
    assert response.status_code == 400
    assert named in [error["parameter"] for error in response.json()["errors"]]


# -- Odd questions


@pytest.mark.exhaustive
@pytest.mark.parametrize(
    "text",
    [
        "'", '"', "a' OR 1=1 --", 'kaz" OR "x', "NEAR(kaz, 2)", "words:kaz", "kaz*", "^kaz", "-kaz", "a AND NOT b",
        "| & ! <->", "*", "%", "_", "\\", "🇰🇿", "上海", "ﷺ" * 11, "a-" * 90, "x" * LONGEST, "=", "=1", "u0",
        " ".join("abcdefghijklmnopqrstuvwxyz"), "İstanbul", "ß", "ǆ", "\u202eKAZ", "1e5", "0x10", "Ⅷ", "½",
    ],
)  # fmt: skip
def test_odd_texts_are_no_language_of_a_database(client, text):
    assert Search(text).ranked is not None
    assert client.get("/search/", {"q": text}).status_code == 200
    assert client.get("/search/suggest/", {"q": text}).status_code == 200


def test_half_a_word_of_one_letter_is_no_beginning():
    assert [word.begins for word in Asked.of("x y").parts] == [False, False]
    assert Asked.of("ka").parts[0].opened[0] == "kazahstan"


# -- The index beside the table


def test_the_index_of_words_is_in_step_with_the_table():
    """After every way to write that the tests of the index go, too, since no other statement reaches the table."""
    person = TiedEntry.objects.get(public_id="putin-vladimir")
    SearchEntry.objects.filter(entry=person).update(words="zqone zqtwo")
    assert found("zqone") == found("zqtwo") == [person.pk] and person.pk not in found("putin")
    call_command("rebuild_ties", verbosity=0)
    assert found("zqone") == [] and person.pk in found("putin")
    TiedEntry.objects.filter(pk=person.pk).delete()
    assert person.pk not in found("putin")


def test_the_index_of_words_comes_together_by_migrating():
    """FTS5 has a piece for each of some writes, into all of which it looks; PostgreSQL's GIN is of one piece."""
    if connection.vendor != "sqlite":
        return
    for word in ("zqone", "zqtwo"):
        SearchEntry.objects.filter(entry__public_id="putin-vladimir").update(words=word)
        assert found(word)
    assert pieces() > 1
    call_command("migrate", verbosity=0)
    assert pieces() == 1 and found("zqtwo")


def pieces():
    with connection.cursor() as cursor:
        # Blocks of a piece bear its number from their 38th bit on; those up to 10 are of the whole.
        cursor.execute("SELECT COUNT(DISTINCT id >> 37) FROM relations_searchentry_words_data WHERE id > 10")
        return cursor.fetchone()[0]


def found(word):
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "INSERT INTO relations_searchentry_words (relations_searchentry_words) VALUES ('integrity-check')"
            )
            cursor.execute(
                "SELECT entry_id FROM relations_searchentry_words w JOIN relations_searchentry e ON e.id = w.rowid "
                "WHERE relations_searchentry_words MATCH %s",
                [word],
            )
        else:
            cursor.execute(
                "SELECT entry_id FROM relations_searchentry WHERE vector @@ %s::tsquery",
                [" | ".join(f"{letter}{word}" for letter in "abcdefghijk")],
            )
        return [key for (key,) in cursor.fetchall()]


def test_words_are_counted_by_kind():
    counts = SearchWord.objects.counts({"=", "nazarbaev"})
    assert counts["="]["visit"] == TiedEntry.objects.filter(kind="visit").count()
    assert counts["nazarbaev"]["person"] == 1


def test_a_place_that_is_renamed_is_found_by_its_new_name():
    place = Place.objects.get(slug="semey")
    place.aliases = "Zqsemei"
    place.save()
    assert first("zqsemei") == "event 2006-09-08-semey-summit"
    assert first("Semipalatinsk") == ""


def test_a_page_of_the_admin_has_no_field(admin_client):
    assert b"search-field" not in admin_client.get("/admin/").content
    assert b"search-field" in Client().get("/nothing/").content
