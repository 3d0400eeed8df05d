"""JSON as the API writes it."""

import orjson
from rest_framework.renderers import JSONRenderer


class FastJSONRenderer(JSONRenderer):
    """As that of Django REST Framework, in a tenth of the time; without what only `indent` in `Accept` asks for."""

    def render(self, data, accepted_media_type=None, renderer_context=None):
        if data is None or self.get_indent(accepted_media_type or "", renderer_context or {}):
            return super().render(data, accepted_media_type, renderer_context)
        return orjson.dumps(data, default=self.plain, option=orjson.OPT_NON_STR_KEYS)

    def plain(self, value):
        """What is neither text nor number: a lazy text, a decimal."""
        return self.encoder_class().default(value)
