"""The import and export pages as a curator meets them."""

import pytest
from django.contrib.auth.models import Permission, User
from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile

from apps.curation import kept_sheets
from apps.curation.sheet_files import read_sheet
from apps.curation.versions import version_of
from apps.curation.workflow import propose
from apps.visits.models import Visit, VisitCitation
from tests import factories
from tests.adminpages import address, reasons
from tests.curation.test_sheet_files import xlsx

pytestmark = pytest.mark.django_db
LIST = "/admin/visits/visit/"
NAMES = "slug,visitor,capacity,sent_by_state,host,date"


@pytest.fixture(autouse=True)
def sheets_kept(tmp_path, monkeypatch):
    """In a directory of the test."""
    monkeypatch.setattr(kept_sheets.tempfile, "gettempdir", lambda: str(tmp_path))
    return tmp_path / "kzforeign-sheets"


@pytest.fixture(autouse=True)
@factories.at_once
def world():
    factories.state("KAZ"), factories.state("CHN"), factories.person(slug="ada")


def staff(*names):
    user = User.objects.create_user("aigul", is_staff=True)
    kind = ContentType.objects.get_for_model(Visit)
    for name in names:
        app, codename = name.split(".")
        given = Permission.objects.filter(codename=codename, content_type__app_label=app).first()
        user.user_permissions.add(given or Permission.objects.create(codename=codename, content_type=kind))
    return user


def csv(*rows, names=NAMES):
    return "\n".join([names, *rows]).encode()


def send(client, content, name="visits.csv"):
    return client.post(f"{LIST}import/", {"import_file": SimpleUploadedFile(name, content)})


def confirm(client, page, reason="yearbook", **fields):
    word = page.context["confirm_form"]["word"].value()
    return client.post(f"{LIST}process_import/", {"word": word, "reason": reason, **fields})


ROW = "ada-chn,ada,head_of_state,KAZ,CHN,1993-02"


def test_sheet_is_previewed_and_imported(admin_client, admin_user, sheets_kept):
    factories.visit(slug="old", status="draft", occasion="talks on trade")
    content = csv(f"{ROW},", "old,ada,head_of_state,KAZ,CHN,1993,talks on gas", names=f"{NAMES},occasion")
    page = send(admin_client, content)
    text = page.content.decode()
    assert "New draft" in text and "talks on <del>trade</del><ins>gas</ins>" in text
    assert "1 new, 1 to be changed, 0 to wait as pending revisions, 0 the same." in text
    assert Visit.objects.count() == 1 and len(list(sheets_kept.iterdir())) == 1
    done = confirm(admin_client, page)
    assert done.status_code == 302 and done.url == LIST
    visit = Visit.objects.get(slug="ada-chn")
    assert (visit.status, visit.created_by, reasons(visit)) == ("draft", admin_user, [("admin", "yearbook")])
    assert "1 added as drafts, 1 changed" in admin_client.get(LIST).content.decode()
    assert not list(sheets_kept.iterdir())
    # A second click on the same page.
    again = confirm(admin_client, page)
    assert again.url == f"{LIST}import/" and Visit.objects.count() == 2
    assert "not kept any more" in admin_client.get(again.url).content.decode()


def test_workbook_is_taken_too(admin_client):
    page = send(
        admin_client, xlsx(NAMES.split(","), ["a", "ada", "head_of_state", "KAZ", "CHN", 1993]), "a.xlsx"
    )
    assert confirm(admin_client, page).status_code == 302
    assert str(Visit.objects.get().date) == "1993"


def test_mistakes_are_listed_and_nothing_can_be_confirmed(admin_client, sheets_kept):
    page = send(admin_client, csv("a,adam,head_of_state,KAZ,CHN,=A1", "b,ada,king,KAZ,CHX,1993-13"))
    assert page.context["confirm_form"] is None and not sheets_kept.exists()
    found = [(complaint.number, complaint.columns) for complaint in page.context["complaints"]]
    assert found == [(2, "visitor"), (2, "date"), (3, "capacity"), (3, "host"), (3, "date")]
    text = page.content.decode()
    assert "5 mistakes in the rows" in text and "did you mean “ada”?" in text


def test_reason_is_wanted_and_what_is_seen_stays(admin_client):
    page = send(admin_client, csv(ROW))
    for reason in ("", "  ", "x" * 301, "a\x0bb"):
        again = confirm(admin_client, page, reason)
        assert again.status_code == 200 and again.context["confirm_form"].errors.keys() == {"reason"}
        assert "New draft" in again.content.decode() and not Visit.objects.exists()
    assert confirm(admin_client, again).status_code == 302


def test_what_changed_meanwhile_is_shown_anew(admin_client):
    visit = factories.visit(slug="old", status="draft", occasion="trade")
    page = send(admin_client, csv("old,gas", names="slug,occasion"))
    visit.occasion = "oil"
    visit.save()
    again = confirm(admin_client, page)
    text = again.content.decode()
    assert "Look again" in text and "<del>oil</del><ins>gas</ins>" in text
    visit.refresh_from_db()
    assert visit.occasion == "oil"
    assert confirm(admin_client, page).url == f"{LIST}import/"
    assert confirm(admin_client, again).url == LIST
    visit.refresh_from_db()
    assert visit.occasion == "gas"


def test_what_was_revised_meanwhile_is_refused(admin_client, admin_user, sheets_kept):
    visit = factories.visit(slug="old", status="draft")
    page = send(admin_client, csv("old,gas", names="slug,occasion"))
    visit.status = "published"
    visit.save()
    version = version_of(visit)
    propose(visit, {**version, "own": {**version["own"], "occasion": "oil"}}, user=admin_user, reason="x")
    again = confirm(admin_client, page)
    assert "has a pending revision" in again.content.decode()
    assert again.context["confirm_form"] is None and not list(sheets_kept.iterdir())


def test_sheet_that_changes_nothing_has_nothing_to_confirm(admin_client):
    factories.visit(slug="old", occasion="gas")
    page = send(admin_client, csv("old,gas", names="slug,occasion"))
    assert page.context["confirm_form"] is None
    assert "nothing would change" in page.content.decode()


def test_nobody_confirms_what_another_has_sent(admin_client, client):
    page = send(admin_client, csv(ROW))
    client.force_login(User.objects.create_superuser("other"))
    assert confirm(client, page).url == f"{LIST}import/"
    for word in ("../../etc/passwd", "\0", "x" * 5000, "Ә"):
        assert client.post(f"{LIST}process_import/", {"word": word, "reason": "r"}).url == f"{LIST}import/"
    assert not Visit.objects.exists()


def test_sheets_that_nobody_confirmed_go(admin_client, sheets_kept, monkeypatch):
    page = send(admin_client, csv(ROW))
    monkeypatch.setattr(kept_sheets.time, "time", lambda: 4_000_000_000)
    admin_client.logout()
    admin_client.force_login(User.objects.get())
    send(admin_client, csv(ROW))
    assert page.context["confirm_form"]["word"].value() not in [path.name for path in sheets_kept.iterdir()]


@pytest.mark.parametrize(
    "content, name, words",
    [
        (b"", "a.csv", "empty"),
        (b"x" * 2000, "a.csv", "at most 1.0\xa0KB are taken"),
        (b"x", "a.ods", "neither a .csv nor an .xlsx"),
        (b"a\tb\n", "a.csv", "parted by tabs"),
    ],
)
def test_file_that_is_no_sheet_is_refused_at_its_field(content, name, words, admin_client, settings):
    settings.IMPORT_LIMIT = 1024
    page = send(admin_client, content, name)
    assert words in page.context["form"].errors["import_file"][0]
    assert page.status_code == 200 and page.context["run"] is None


WRITE = ("visits.add_visit", "visits.change_visit", "visits.view_visit")


@pytest.mark.parametrize("missing", [None, "curation.import_spreadsheets", *WRITE[:2]])
def test_import_is_for_who_may(missing, client):
    given = {"curation.import_spreadsheets", *WRITE} - {missing}
    client.force_login(staff(*given))
    may = missing is None
    assert (f'href="{LIST}import/"' in client.get(LIST).content.decode().replace("'", '"')) == may
    assert client.get(f"{LIST}import/").status_code == (200 if may else 403)
    assert send(client, csv(ROW)).status_code == (200 if may else 403)
    assert client.post(f"{LIST}process_import/", {"word": "x"}).status_code == (302 if may else 403)


def test_export_is_for_who_may_view(client):
    user = staff("people.view_person")
    client.force_login(user)
    assert client.get(f"{LIST}export/").status_code == client.post(f"{LIST}export/").status_code == 403
    user.user_permissions.add(Permission.objects.get(codename="view_visit"))
    assert client.get(f"{LIST}export/").status_code == 200
    assert "Export" in client.get(LIST).content.decode()
    client.logout()
    assert client.get(f"{LIST}export/").status_code == client.get(f"{LIST}import/").status_code == 302


@pytest.mark.parametrize("place, ending", [("0", "csv"), ("1", "xlsx")])
def test_list_is_exported_as_it_is_filtered(place, ending, admin_client):
    factories.visit(slug="a", status="draft"), factories.visit(slug="b")
    page = admin_client.get(f"{LIST}export/?status__exact=draft")
    assert page.context["count"] == 1
    file = admin_client.post(f"{LIST}export/?status__exact=draft", {"format": place, "resource": "0"})
    assert file["Content-Disposition"].endswith(f'.{ending}"')
    assert [line.cells[0] for line in read_sheet(f"x.{ending}", file.content).lines] == ["a"]


def test_export_is_in_the_order_of_the_list(admin_client):
    factories.visit(slug="a"), factories.agreement(concluded_during=factories.visit(slug="b"))
    # By the column of agreements, which are counted.
    for order, slugs in (("-5", ["b", "a"]), ("5", ["a", "b"])):
        file = admin_client.post(f"{LIST}export/?o={order}", {"format": "0", "resource": "0"})
        assert [line.cells[0] for line in read_sheet("x.csv", file.content).lines] == slugs


@pytest.mark.parametrize("action, ending", [("export_csv", "csv"), ("export_xlsx", "xlsx")])
def test_chosen_rows_are_exported(action, ending, admin_client):
    rows = [factories.visit(slug=slug) for slug in "abc"]
    file = admin_client.post(LIST, {"action": action, "_selected_action": [row.pk for row in rows[:2]]})
    assert {line.cells[0] for line in read_sheet(f"x.{ending}", file.content).lines} == {"a", "b"}


def test_too_many_rows_are_no_sheet(admin_client, monkeypatch):
    monkeypatch.setattr("apps.curation.admin_spreadsheets.MOST_ROWS", 1)
    factories.visit(), factories.visit()
    assert admin_client.post(f"{LIST}export/", {"format": "0", "resource": "0"}).url == LIST
    assert "A sheet has at most 1 rows" in admin_client.get(LIST).content.decode()


def test_export_without_a_format_or_with_a_wrong_filter(admin_client):
    for form in ({}, {"format": "7"}, {"format": "\0"}):
        assert admin_client.post(f"{LIST}export/", form).status_code == 200
    for query in ("nothing=1", "id__exact=abc", "date_earliest__gte=abc"):
        assert admin_client.get(f"{LIST}export/?{query}").url == f"{LIST}?e=1"


def test_pages_have_no_styles_or_scripts_of_their_own(admin_client):
    factories.visit(slug="old", status="draft", occasion="trade")
    pages = [admin_client.get(f"{LIST}{name}/") for name in ("import", "export")]
    pages.append(send(admin_client, csv("old,gas", names="slug,occasion")))
    for page in pages:
        text = page.content.decode()
        assert "style=" not in text and "<style" not in text and "onchange=" not in text
        assert "<script>" not in text.replace("\n", "")


def test_parts_and_citations_have_no_sheets(admin_client):
    assert "export" not in admin_client.get(address(VisitCitation, "changelist")).content.decode()
