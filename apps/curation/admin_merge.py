"""The page of the admin on which a reviewer merges an entry into another: choose, look at what it does, confirm."""

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect
from django.utils.translation import gettext as _, gettext_lazy

from apps.core.admin_forms import is_key
from apps.core.admin_widgets import KeyAutocompleteSelect
from apps.curation.cases import Case
from apps.curation.merge import identified, merge, preview
from apps.curation.own_pages import OwnPages
from apps.curation.reasons import ReasonField
from apps.curation.steps import Refused


class HeirField(forms.ModelChoiceField):
    """One entry, by its primary key; refuses what cannot be one before a database sees it."""

    def to_python(self, value):
        if value and not is_key(value):
            raise ValidationError(self.error_messages["invalid_choice"], "invalid_choice", {"value": value})
        return super().to_python(value)


class MergeForm(forms.Form):
    reason = ReasonField(
        label=gettext_lazy("Why the two are one"),
        help_text=gettext_lazy("Kept in the history of each row that is led over."),
    )
    # Of which heir the page shows what merging does.
    previewed = forms.CharField(required=False, max_length=20, widget=forms.HiddenInput)
    field_order = ["heir", "reason", "previewed"]

    def __init__(self, entry, admin_site, data=None):
        super().__init__(data)
        model = type(entry)
        self.fields["heir"] = HeirField(
            model.objects.for_title().exclude(pk=entry.pk),
            label=_("Merge it into"),
            help_text=_("The entry that stays. Type part of its name."),
            widget=KeyAutocompleteSelect(model._meta.get_field("heir"), admin_site),
        )
        self.order_fields(self.field_order)

    @property
    def is_confirmed(self):
        """Whether who sends it has seen what merging into this very heir does."""
        return "_merge" in self.data and self.cleaned_data["previewed"] == str(self.cleaned_data["heir"].pk)


class MergePages(OwnPages):
    """For the pages of a kind of entry."""

    def get_urls(self):
        return [self.entry_path("merge", self.merge_view), *super().get_urls()]

    def merge_view(self, request, object_id):
        entry = self.entry_at(request, object_id)
        case = Case(entry, request.user)
        if not case.is_reviewer:
            raise PermissionDenied
        review = HttpResponseRedirect(self.page_address("review", entry))
        if not case.may_merge:
            said = _("What is withdrawn, or has a pending revision, is not merged.")
            self.message_user(request, said, messages.ERROR)
            return review
        form = MergeForm(entry, self.admin_site, request.POST if request.method == "POST" else None)
        # The desk, where the two are found to be alike, names the other one.
        form.initial["heir"] = heir if is_key(heir := request.GET.get("heir", "")) else None
        plan = self._merged(request, entry, form) if form.is_valid() else None
        if plan and form.is_confirmed:
            said = _("“%(entry)s” was merged into “%(heir)s”.") % {"entry": entry, "heir": plan.heir}
            self.message_user(request, said, messages.SUCCESS)
            return review
        return self._draw_merge(request, entry, form, plan)

    def _merged(self, request, entry, form):
        """The Plan of what was done, or would be; None where the form says why it is refused."""
        asked = {"heir": form.cleaned_data["heir"], "comment": form.cleaned_data["reason"]}
        try:
            return (merge if form.is_confirmed else preview)(entry, user=request.user, **asked)
        except Refused as refusal:
            form.add_error(None, refusal)
            return None

    def _draw_merge(self, request, entry, form, plan):
        if plan:
            # What is shown is what the next press of the button does.
            form.data = form.data.copy()
            form.data["previewed"] = str(plan.heir.pk)
        return self.draw(
            request,
            "admin/curation/merge.html",
            title=_("Merge"),
            subtitle=identified(entry),
            original=entry,
            form=form,
            plan=plan,
            media=self.media + form.media,
        )
