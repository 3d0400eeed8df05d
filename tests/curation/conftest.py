import pytest
from django.contrib.auth.models import Group, User


def member_of(role, name=None):
    """A user of the admin with the role, one of apps.curation.roles."""
    user, new = User.objects.get_or_create(username=name or role, defaults={"is_staff": True})
    if new:
        user.groups.add(Group.objects.get(name=role))
    return user


@pytest.fixture
def as_role(client):
    """Logs the client in as somebody with the role, whom it makes first."""

    def log_in(role, name=None):
        client.force_login(member_of(role, name))
        return client

    return log_in
