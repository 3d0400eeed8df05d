"""How to open the files of a release: commands that do what they say with the files of that name."""

from typing import NamedTuple

from django.utils.translation import gettext_lazy as _

AS_OF = """\
SELECT member_state, standing,
       CASE WHEN start_latest <= '2012-07-01' AND end_earliest >= '2012-07-01'
            THEN 'certain' ELSE 'possible' END AS holds
FROM membership
WHERE organization = 'sco' AND start_earliest <= '2012-07-01' AND end_latest >= '2012-07-01'
ORDER BY member_state;"""

PANDAS = """\
import zipfile
import pandas as pd

archive = zipfile.ZipFile("{name}-csv.zip")
visits = pd.read_csv(archive.open("visit.csv"), dtype=str, keep_default_na=False)
print(visits.groupby("host").size().sort_values(ascending=False).head())"""

JQ = """\
unzip -p {name}-jsonl.zip visit.jsonl |
  jq -r 'select(.host.code == "CHN") | [.date.edtf, .visitor.name, .html_url] | @tsv'"""


class Example(NamedTuple):
    """`code` is for a shell or for Python; `note` says what its reader might stumble over."""

    title: str
    code: str
    note: str


def examples(name):
    """For the files whose names begin with `name`, as kzforeign-r1234."""
    return [
        Example(
            _("SQLite: who was in the SCO on 1 July 2012, certainly or possibly"),
            f'sqlite3 -box {name}.sqlite3 "\n{AS_OF}"',
            _(
                "Behind each date stand the first and the last day that it may be, 0001-01-01 and 9999-12-31 where "
                "there is no limit. Of a membership, an office or a project there are four bounds."
            ),
        ),
        Example(
            _("Datasette: the database as pages to browse and filter"),
            f"pip install datasette\ndatasette {name}.sqlite3 --open",
            "",
        ),
        Example(
            _("pandas: visits by host state"),
            PANDAS.format(name=name),
            _(
                "Without the two options pandas takes the code NA of Namibia for nothing, and years for numbers."
            ),
        ),
        Example(
            _("jq: visits to China, one on a line"),
            JQ.format(name=name),
            "",
        ),
    ]
