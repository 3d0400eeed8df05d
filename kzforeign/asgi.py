import os

from django.core.asgi import get_asgi_application

from kzforeign.handlers import AsyncRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kzforeign.settings")
application = get_asgi_application()
application.request_class = AsyncRequest
