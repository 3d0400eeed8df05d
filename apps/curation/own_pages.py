"""What the pages of the admin share that are ours and not Django's: their addresses, and what each is drawn with."""

from django.contrib.admin.templatetags.admin_urls import admin_urlname
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.http import urlencode

from apps.core.admin_forms import is_key


class OwnPages:
    """For the admin of a kind, beside Django's own pages of it."""

    def entry_path(self, page, view, route=None):
        """The address of a page of one entry, under that of the entry."""
        where = f"<path:object_id>/{route or page}/"
        name = admin_urlname(self.opts, page).removeprefix("admin:")
        return path(where, self.admin_site.admin_view(view), name=name)

    def page_address(self, page, entry=None, **query):
        """Of a page of the entry, or without one of all of the kind."""
        address = reverse(admin_urlname(self.opts, page), args=[entry.pk] if entry else [])
        return f"{address}?{urlencode(query)}" if query else address

    def entry_at(self, request, object_id):
        """The entry that the address names; 404 where there is none, 403 for who may not see it."""
        key = unquote(object_id)
        entry = self.get_object(request, key) if is_key(key) else None
        if entry is None:
            raise Http404
        if not self.has_view_or_change_permission(request, entry):
            raise PermissionDenied
        return entry

    def draw(self, request, template, *, status=None, **context):
        request.current_app = self.admin_site.name
        shared = {**self.admin_site.each_context(request), "opts": self.opts, "media": self.media}
        return TemplateResponse(request, template, shared | context, status=status)
