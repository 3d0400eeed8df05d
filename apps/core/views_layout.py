from django.views.generic import TemplateView

from apps.core.layout import EXAMPLE, layouts
from apps.core.views_day import SAME, OnDay


class LayoutView(OnDay, TemplateView):
    """How the tables of a dataset are laid out: for those who read one, and for those who bring their own."""

    template_name = "data/layout.html"
    day_means = SAME

    def get_context_data(self, **kwargs):
        return super().get_context_data(tables=layouts(), example=EXAMPLE, **kwargs)
