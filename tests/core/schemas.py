"""The schemas that databases out there may have: what was released, and what the main line had while 0.1 grew.

Each names the last migration of an app that was applied; apps that are left out had none. A release gets an entry,
which never changes.
"""

_FIRST = dict.fromkeys(
    [
        "sources",
        "states",
        "people",
        "organizations",
        "visits",
        "agreements",
        "events",
        "figures",
        "relations",
    ],
    "0001_initial",
)
_EVENTS = _FIRST | {"visits": "0002_event", "agreements": "0002_event_and_projects"}
# What was written before texts were folded, which the next migrations do.
_FOLDING = _EVENTS | {
    "core": "0001_revision",
    "sources": "0002_find_by_update_and_text",
    "states": "0002_find_by_update",
    "people": "0002_find_by_update",
    "organizations": "0002_find_by_update_and_text",
    "visits": "0003_find_by_update_and_text",
    "agreements": "0003_find_by_update",
    "events": "0002_find_by_update",
    "figures": "0002_find_by_update",
}
_CURATED = _FOLDING | {
    "sources": "0003_fold_texts",
    "states": "0003_withdrawal",
    "people": "0003_withdrawal",
    "organizations": "0004_withdrawal",
    "visits": "0006_find_alike",
    "agreements": "0004_withdrawal",
    "events": "0003_withdrawal",
    "figures": "0003_withdrawal",
    "curation": "0002_not_the_same",
}
_RELEASED = _CURATED | {
    "states": "0004_read_in_order",
    "people": "0004_read_in_order",
    "organizations": "0005_read_in_order",
    "visits": "0007_read_in_order",
    "agreements": "0005_read_in_order",
    "events": "0004_read_in_order",
    "figures": "0004_read_in_order",
    "relations": "0004_shared_organizations",
}
GROWING = {"first": _FIRST, "events": _EVENTS, "folding": _FOLDING, "curated": _CURATED}
RELEASED = {"0.1": _RELEASED}
