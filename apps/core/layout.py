"""The layout of the tables of a dataset for readers, worked out from the models, and an example of it."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from apps.core.dataset_schema import choices, table_name
from apps.core.fields import PartialDateField
from apps.core.fixtures import fixture_models, kept_fields
from apps.core.public_rows import key_fields
from apps.core.tables import Column, columns, plain_text

# The first that fits a field.
_WORDS = (
    (models.BooleanField, _("true or false")),
    (models.IntegerField, _("whole number")),
    (models.DecimalField, _("number")),
    (models.DateField, _("day, as 2016-05-31")),
    (PartialDateField, _("date, as precise as it is known")),
    (models.ManyToManyField, _("list of keys")),
    (models.ForeignKey, _("key")),
    (models.Field, _("text")),
)


@dataclass(frozen=True)
class ColumnLayout:
    """What one column is for, and what its cells may hold."""

    column: Column

    @property
    def name(self):
        return self.column.name

    @property
    def meaning(self):
        """The name that curators see, and what it says to them."""
        field = self.column.field
        return f"{field.verbose_name}. {field.help_text}" if field.help_text else f"{field.verbose_name}."

    @property
    def type(self):
        return next(words for kind, words in _WORDS if isinstance(self.column.field, kind))

    @property
    def longest(self):
        """How many signs a text may have; None where that is no matter."""
        field = self.column.field
        plain = not (choices(field) or self.column.refers or isinstance(field, PartialDateField))
        return getattr(field, "max_length", None) if plain else None

    @property
    def is_required(self):
        return self.column.is_required

    @property
    def default(self):
        """What a blank cell of a column that has no blank ones stands for."""
        field = self.column.field
        if self.is_required or field.null or field.blank or self.column.refers:
            return ""
        return plain_text(field.get_default())

    @property
    def choices(self):
        return choices(self.column.field)

    @property
    def target(self):
        """The name of the table that its cells name rows of, "" if they do not."""
        return self.column.field.related_model._meta.model_name if self.column.refers else ""


@dataclass(frozen=True)
class TableLayout:
    """One file, the columns in the order in which an export has them."""

    model: type[models.Model]

    @property
    def anchor(self):
        return self.model._meta.model_name

    @property
    def file(self):
        return table_name(self.model)

    @property
    def title(self):
        """Citations of one kind of entries are called as those of any other, so the entries are named."""
        names = [field.name for field in kept_fields(self.model)]
        if "entry" not in names:
            return str(self.model._meta.verbose_name_plural)
        cited = self.model._meta.get_field("entry").related_model._meta.verbose_name_plural
        return _("citations of %(entries)s") % {"entries": cited}

    @property
    def columns(self):
        return [ColumnLayout(column) for column in columns(self.model)]

    @property
    def key(self):
        """The names of the columns that tell its rows apart."""
        return [field.name for field in key_fields(self.model)]

    @property
    def rules(self):
        """What every row has to meet, in the words with which one that does not is refused."""
        rules = self.model._meta.constraints
        own = [rule for rule in rules if rule.violation_error_message != rule.default_violation_error_message]
        return list(dict.fromkeys(str(rule.violation_error_message) for rule in own))

    @property
    def is_named(self):
        """Whether cells of other tables name its rows."""
        fields = (field for model in fixture_models() for field in kept_fields(model))
        return any(field.related_model is self.model for field in fields if field.is_relation)


def layouts():
    return [TableLayout(model) for model in fixture_models()]


# Somebody else's memberships, in the least columns that do.
EXAMPLE = {
    "source.csv": """\
slug,kind,title,authors,date
handbook,book,A Handbook of Organizations,"Doe, Jane",2001
""",
    "passage.csv": """\
source,anchor,position,page
handbook,p-12,1,12
handbook,p-13,2,13
""",
    "state.csv": """\
code,status,name_en
FIN,published,Finland
SWE,published,Sweden
""",
    "statecitation.csv": """\
entry,passage
FIN,handbook/p-12
SWE,handbook/p-12
""",
    "organization.csv": """\
slug,status,name_en,abbreviation,kind,founded
nordic-council,published,Nordic Council,,intergovernmental,1952
""",
    "organizationcitation.csv": """\
entry,passage
nordic-council,handbook/p-12
""",
    "membership.csv": """\
slug,status,member_state,organization,start,attested,founder
fin-nordic-council,published,FIN,nordic-council,1955,2001,false
swe-nordic-council,published,SWE,nordic-council,1952,2001,true
""",
    "membershipcitation.csv": """\
entry,passage,field,note
fin-nordic-council,handbook/p-13,start,
swe-nordic-council,handbook/p-12,,"Names the founders,
in the order of the alphabet."
""",
}
