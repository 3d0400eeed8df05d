"""How the rules of the database are tested: by a row that keeps one, and a row that breaks it."""

import pytest
from django.db import IntegrityError, connection, transaction


def check(name, keeps, breaks):
    """`keeps` and `breaks` make rows; the second is refused by the constraint of that name."""
    keeps()
    with pytest.raises(IntegrityError) as error, transaction.atomic():
        breaks()
    # SQLite names the columns of a unique constraint, not the constraint.
    assert name in str(error.value) or (connection.vendor == "sqlite" and "UNIQUE" in str(error.value))
