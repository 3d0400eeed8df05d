"""Forms of entries in the admin."""

from django.utils.translation import gettext_lazy as _

from apps.core.admin_forms import RecordForm, slug_of
from apps.curation import workflow

UNCITED = _(
    "An entry that readers see has at least one supporting citation. Cite a passage that supports it, or withdraw it."
)


class EntryForm(RecordForm):
    """An entry. Whoever changes what readers see says why."""

    slug_help_public = _(
        "Part of the public address. If it is changed, the old address will lead to the new one."
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.pk or "change_reason" not in self.fields:
            return
        self.initial.setdefault("change_reason", getattr(self.instance, "reason_given", ""))
        if workflow.was_public(self.instance):
            self.fields["change_reason"].required = True
            self.fields["change_reason"].error_messages["required"] = _(
                "Say why it is changed: it is public."
            )
            if "slug" in self.fields:
                self.fields["slug"].help_text = self.slug_help_public

    def clean(self):
        """An identifier that was another entry's address goes on leading to that one."""
        cleaned, name = super().clean(), self._meta.model.public_id_field
        if cleaned.get(name) and name not in self.errors:
            named = self._meta.model(pk=self.instance.pk, **{name: cleaned[name]})
            if workflow.led_elsewhere(named):
                self.add_error(name, workflow.LED_ELSEWHERE)
        return cleaned

    def taken_slugs(self, base):
        """Also those by which readers may still look for another entry."""
        model = self._meta.model
        once = model.history.filter(slug__startswith=base, status="published").exclude(id=self.instance.pk)
        return super().taken_slugs(base) | set(once.values_list("slug", flat=True))


class TitledForm(EntryForm):
    """An entry with a title of its own."""

    def suggest_slug(self, cleaned):
        """As 1994-treaty-of-friendship: its main date, where it has one, and the first words of the title."""
        words = slug_of(" ".join(cleaned["title"].split()[:8]))
        if not words:
            return []
        name = getattr(self._meta.model, "main_date", "")
        return [cleaned[name] or "undated", words] if name else [words]
