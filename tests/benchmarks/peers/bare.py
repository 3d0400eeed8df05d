"""The least that Django can do: a view that answers the bytes of the file ANSWER, as JSON, from memory."""

import os
from pathlib import Path

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.http import HttpResponse
from django.urls import re_path

ANSWER = Path(os.environ["ANSWER"]).read_bytes()

settings.configure(ALLOWED_HOSTS=["127.0.0.1"], ROOT_URLCONF=__name__, SECRET_KEY="bare", MIDDLEWARE=[])


def answer(request):
    return HttpResponse(ANSWER, content_type="application/json")


urlpatterns = [re_path("", answer)]
application = get_wsgi_application()
