"""The parties of an agreement and what they did about it, entered together on its page."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.forms.models import BaseModelFormSet
from django.utils.translation import gettext_lazy as _

from apps.agreements.models import Action, Party
from apps.core.admin_forms import ConstrainedForm, DistinctRows, PartFormSet
from apps.core.admin_widgets import KeyAutocompleteSelect
from apps.organizations.models import Organization
from apps.states.models import State

# Either names a party; exactly one is given.
PARTY_FIELDS = ("party_state", "party_organization")


def named_party(values):
    """As ("party_state", "5"), whether `values` hold rows or primary keys; None where not exactly one is named."""
    named = [
        (name, str(getattr(values[name], "pk", values[name]))) for name in PARTY_FIELDS if values.get(name)
    ]
    return named[0] if len(named) == 1 else None


class PartyFormSet(PartFormSet):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # For the actions, which may be those of a party that is being entered on the same page.
        self.instance.party_formset = self

    def named(self):
        """The parties that there will be once the page is saved."""
        rows = [form.cleaned_data for form in self.kept_forms() if form.is_valid()]
        return {named_party(values) for values in rows}


def _party_field(name, model, label):
    widget = KeyAutocompleteSelect(Party._meta.get_field(name), admin.site)
    return forms.ModelChoiceField(model.objects.all(), label=label, required=False, widget=widget)


class ActionForm(ConstrainedForm):
    """An action, its party named as in the list of parties: a new party has no row yet that could be chosen."""

    party_state = _party_field("party_state", State, _("state"))
    party_organization = _party_field("party_organization", Organization, _("organization"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            party = {f"{name}": getattr(self.instance.party, f"{name}_id") for name in PARTY_FIELDS}
            self.initial |= party | {"party": named_party(party)}

    def clean(self):
        cleaned = super().clean()
        cleaned["party"] = named_party(cleaned)
        if cleaned["party"] is None and not self.errors:
            self.add_error("party_state", _("Name the party: either a state or an organization, not both."))
        return cleaned


class ActionFormSet(DistinctRows, BaseModelFormSet):
    """All actions of all parties of one agreement. Not an inline formset by itself: an action belongs to a party."""

    def __init__(self, *args, instance=None, save_as_new=False, queryset=None, **kwargs):
        self.instance = instance
        queryset = queryset.filter(party__agreement=instance.pk) if instance.pk else queryset.none()
        super().__init__(*args, queryset=queryset.select_related("party"), **kwargs)

    @classmethod
    def get_default_prefix(cls):
        return "actions"

    def row_keys(self):
        yield ["party", "kind", "date"], _("This action is recorded already.")

    def rows_of_parent(self):
        return Action.objects.filter(party__agreement=self.instance).select_related("party")

    def values_of(self, row, names):
        party = named_party({name: getattr(row.party, f"{name}_id") for name in PARTY_FIELDS})
        return {"party": party, "kind": row.kind, "date": row.date}

    def clean(self):
        parties = self._parties()
        for form in self.kept_forms():
            if form.is_valid() and form.cleaned_data["party"] not in parties:
                form.add_error(
                    form.cleaned_data["party"][0],
                    ValidationError(
                        _("This is no party of the agreement. Add it to the parties."), code="no_party"
                    ),
                )
        super().clean()

    def _parties(self):
        formset = getattr(self.instance, "party_formset", None)
        if formset is not None:
            return formset.named()
        # Who may not see the parties has none on the page.
        return {named_party(values) for values in self.instance.parties.values(*PARTY_FIELDS)}

    def save_new(self, form, commit=True):
        form.instance.party = self._party(form)
        return super().save_new(form, commit)

    def save_existing(self, form, obj, commit=True):
        form.instance.party = self._party(form)
        return super().save_existing(form, obj, commit)

    def delete_existing(self, obj, commit=True):
        # It may have gone with its party, a moment ago: then there is nothing left to record.
        if Action.objects.filter(pk=obj.pk).exists():
            super().delete_existing(obj, commit)

    def _party(self, form):
        name, key = form.cleaned_data["party"]
        return self.instance.parties.get(**{name: key})
