"""The site as a server calls it (WSGI)."""

import gc
import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application

from kzforeign.handlers import Request


def site():
    """Django, behind the cache of pages if there is one, the choice of a database, the answers on health, the log."""
    django = get_wsgi_application()
    django.request_class = Request
    # Only now are there models.
    from apps.core.call_stack import give_threads_room, with_room_of_thread
    from apps.core.deadlines import limit_statements
    from apps.core.health import Health
    from apps.core.page_cache import PageCache
    from apps.core.page_stores import store_of
    from apps.core.replicas import PublicReads
    from apps.core.request_ids import Journal

    limit_statements()
    give_threads_room()
    django = with_room_of_thread(django)
    store = store_of(settings.CACHE_URL, settings.CACHE_BYTES)
    application = PageCache(django, store) if store else django
    if settings.REPLICA:
        # Around the cache, so that the revision by which pages are kept is read where the page is.
        application = PublicReads(application)
    return Journal(Health(application))


os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kzforeign.settings")
application = site()
# What is loaded by now stays: a worker need not look through it again and again for what nothing refers to.
gc.collect()
gc.freeze()
# And for what is left in cycles it need not look after every 700 objects, of which a list has several thousand: hardly
# any are in one, and to look takes a twentieth of the time that a list takes. Much later it may not look either: what
# is refused leaves some 300 objects, the frames of all calls among them: with 256 KB where room was made for the call.
gc.set_threshold(10_000)
