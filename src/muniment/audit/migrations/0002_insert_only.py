"""Triggers that keep what is in the log: no UPDATE, no DELETE, and no REPLACE, which would be both without either.

Weaker than rights of a database server: who can write the file can drop them. See docs/decisions/0005-audit-log.md.
A later migration that alters one of these tables rebuilds it (SQLite) and must make its triggers again; the test
tests/audit/test_rows_stay.py and every verify-log check that they are there.
"""

from django.db import migrations

INSERT_ONLY = {
    "audit_entry": "id = NEW.id OR event = NEW.event OR (log = NEW.log AND seq = NEW.seq)",
    "audit_node": 'id = NEW.id OR (log = NEW.log AND level = NEW.level AND "index" = NEW."index")',
    "audit_checkpoint": "id = NEW.id OR (log = NEW.log AND size = NEW.size)",
    "audit_log": "id = NEW.id OR origin = NEW.origin",
}


def _trigger(table, act, when=""):
    message = f"{table} is insert-only"
    return (
        f'CREATE TRIGGER "{table}_no_{act.lower()}" BEFORE {"INSERT" if act == "REPLACE" else act} ON "{table}" {when}\n'
        f"BEGIN SELECT RAISE(ABORT, '{message}'); END",
        f'DROP TRIGGER "{table}_no_{act.lower()}"',
    )


def _operations():
    for table, same in INSERT_ONLY.items():
        yield _trigger(table, "UPDATE")
        yield _trigger(table, "DELETE")
        yield _trigger(table, "REPLACE", f'WHEN EXISTS (SELECT 1 FROM "{table}" WHERE {same})')
    yield _trigger("audit_sealeddetail", "UPDATE")  # rows go when a person is erased


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_initial")]
    operations = [migrations.RunSQL([make], [drop]) for make, drop in _operations()]
