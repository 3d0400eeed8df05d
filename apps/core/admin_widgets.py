"""Choosing from tables that grow."""

from django.contrib.admin.widgets import AutocompleteSelect, AutocompleteSelectMultiple

from apps.core.admin_forms import is_key


class _Keys:
    """Shows a form again whatever was sent for a key: Django asks the database for the label of "abc" and fails."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [key for key in value if is_key(key)], attr)


class KeyAutocompleteSelect(_Keys, AutocompleteSelect):
    pass


class KeyAutocompleteSelectMultiple(_Keys, AutocompleteSelectMultiple):
    pass
