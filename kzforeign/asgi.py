import os

from django.core.asgi import get_asgi_application

from apps.core.deadlines import limit_statements
from kzforeign.handlers import AsyncRequest

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kzforeign.settings")
application = get_asgi_application()
limit_statements()
application.request_class = AsyncRequest
