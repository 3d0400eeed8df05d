import os

from django.core.wsgi import get_wsgi_application

from kzforeign.handlers import Request

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kzforeign.settings")
application = get_wsgi_application()
application.request_class = Request
