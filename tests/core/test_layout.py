"""The page on the layout of a dataset says what the tables are."""

import pytest

from apps.core.dataset_schema import table_name
from apps.core.fixtures import fixture_models
from apps.core.layout import EXAMPLE
from apps.organizations.models import Membership, MembershipCitation
from tests.core.dataset_sets import load, put

pytestmark = pytest.mark.django_db


def test_the_example_can_be_imported(tmp_path):
    put(tmp_path / "some", **{name.removesuffix(".csv"): text for name, text in EXAMPLE.items()})
    load(tmp_path / "some")
    assert [str(row) for row in Membership.objects.published().order_by("slug")] == [
        "Finland, member of Nordic Council",
        "Sweden, member of Nordic Council",
    ]
    assert MembershipCitation.objects.count() == 2


def test_the_layout_describes_each_column_and_no_other(client):
    page = client.get("/data/layout/").content.decode()
    for model in fixture_models():
        part = page.split(f'<h3 id="{model._meta.model_name}">')[1].partition("<h3 ")[0]
        assert table_name(model) in part
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many):
            shown = f'<th scope="row"><code>{field.name}</code></th>' in part
            assert shown == (field.editable and not field.primary_key), field


def test_the_layout_says_what_cells_hold_and_what_is_refused(client):
    page = " ".join(client.get("/data/layout/").content.decode().split())
    part = page.split('<h3 id="membership">')[1].partition("<h3 ")[0]
    for cells in (
        '<code>standing</code></th> <td data-label="Meaning">Status of membership.</td> '
        '<td data-label="Cells hold"> one of: <code>member</code>, <code>associate</code>',
        '<code>organization</code></th> <td data-label="Meaning">Organization.</td> <td data-label="Cells hold"> '
        'key: <a href="#organization">organization.csv</a> </td> <td data-label="Required">yes</td>',
        '<td data-label="Required">no; blank is <code>false</code></td>',
        "<li>Give either a member state or a member organization, not both.</li>",
    ):
        assert cells in part
