"""What backups know of the tables, whichever database has them."""

# The tables into which `migrate` writes rows: a database that has no others is as good as empty.
OF_MIGRATE = {
    "django_migrations",
    "django_content_type",
    "auth_permission",
    "auth_group",
    "auth_group_permissions",
}
REVISION = "core_revision"
# Sets the revision, on both databases, but for how they write a name and a parameter.
RAISE = (
    "INSERT INTO {table} (id, number, changed_at) VALUES (1, {value}, {value}) "
    "ON CONFLICT (id) DO UPDATE SET number = excluded.number, changed_at = excluded.changed_at"
)
