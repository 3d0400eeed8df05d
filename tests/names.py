"""References in answers of the API, for tests that compare whole ones."""


def in_english(name, **others):
    """The names of a subject, of which others than the English one are given."""
    return {"en": name, "kk": None, "ru": None} | others


def named(url, name, ru=None, **key):
    """What refers to a subject, by its `code` or `slug`."""
    return key | {"name": name, "names": in_english(name, ru=ru), "url": url}


def titled(url, name, **key):
    """What refers to something that goes by a title."""
    return key | {"name": name, "names": None, "url": url}
