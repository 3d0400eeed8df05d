"""What every answer says to the browser, whoever made it: static files, errors, and what is refused at the door."""

from csp.constants import HEADER
from csp.utils import build_policy
from django.conf import settings

# Doors of the browser that no page here opens.
FEATURES = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "display-capture",
    "geolocation",
    "gyroscope",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
# Django's SecurityMiddleware says all but the first, too, though not of a host that it refuses itself.
ALWAYS = {
    "Permissions-Policy": ", ".join(f"{feature}=()" for feature in FEATURES),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}


# With DEBUG, Django answers these with pages whose styles and scripts stand in them.
EXPLAINED = (404, 500)


class AnswerHeaders:
    """The outermost, so that nothing is answered behind its back.

    The policy on content is the same for all, and written once: django-csp's middleware does it for each answer anew.
    """

    def __init__(self, get_response):
        self.get_response = get_response
        self.policy = build_policy()

    def __call__(self, request):
        response = self.get_response(request)
        for name, value in ALWAYS.items():
            response.headers.setdefault(name, value)
        if not (settings.DEBUG and response.status_code in EXPLAINED):
            response.headers.setdefault(HEADER, self.policy)
        # What scripts of any site may read (the API, static files), any site may show as well; pages none may.
        is_open = response.headers.get("Access-Control-Allow-Origin") == "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin" if is_open else "same-origin"
        return response
