"""What is in the log cannot be changed, removed or replaced through SQL, short of dropping the triggers."""

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction

from muniment.audit.errors import LogDamagedError
from muniment.audit.models import Checkpoint, Entry, Log, Node, SealedDetail
from muniment.audit.services import verify_log
from muniment.audit.verification import GUARDED, missing_guards
from muniment.core.ids import new_id
from tests.audit.cast import act, member, signed_log
from tests.insert_only import unguarded

pytestmark = pytest.mark.django_db
COLUMN = {Entry: "body", Node: "hash", Checkpoint: "note", Log: "origin"}


@pytest.mark.parametrize("model", COLUMN, ids=lambda model: model.__name__)
@pytest.mark.parametrize("act_on", ["update", "delete", "replace", "upsert"])
def test_rows_of_the_log_stay(model: type[Entry], act_on: str) -> None:
    signed_log(3)
    table, column = model._meta.db_table, COLUMN[model]
    columns = ", ".join(f'"{field.column}"' for field in model._meta.fields)
    statement = {
        "update": "UPDATE {table} SET {column} = 'x'",
        "delete": "DELETE FROM {table}",
        "replace": "REPLACE INTO {table} SELECT * FROM {table}",
        "upsert": "INSERT INTO {table} ({columns}) SELECT {columns} FROM {table} WHERE true "
        "ON CONFLICT DO UPDATE SET {column} = 'x'",
    }[act_on].format(table=table, column=column, columns=columns)
    before = list(model.objects.order_by("pk").values_list())
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(model.objects.order_by("pk").values_list()) == before
    with unguarded(), connection.cursor() as cursor:
        cursor.execute(statement)  # the statement is a good one: the triggers are what refused it


def test_sealed_detail_is_not_changed_but_may_go() -> None:
    act(member(new_id()), sealed={"address": "192.0.2.1"})
    signed_log(1)
    with pytest.raises(DatabaseError, match="insert-only"), transaction.atomic():
        SealedDetail.objects.update(keys="day:x")
    assert SealedDetail.objects.all().delete()[0] == 1


def test_missing_triggers_are_noticed() -> None:
    signed_log(1)
    assert missing_guards() == []
    assert verify_log()["entries"] == 2
    with connection.cursor() as cursor:
        cursor.execute('DROP TRIGGER "audit_entry_no_delete"')
    assert missing_guards() == ["audit_entry"]
    with pytest.raises(LogDamagedError, match="lost their guards"):
        verify_log()


def test_every_table_of_the_log_is_guarded() -> None:
    assert {model._meta.db_table for model in (*COLUMN, SealedDetail)} == set(GUARDED)


def test_no_table_of_the_log_points_at_another() -> None:
    """A foreign key would make an entry fall with what it speaks of."""
    fields = [field for model in apps.get_app_config("audit").get_models() for field in model._meta.get_fields()]
    assert fields
    assert [field for field in fields if field.is_relation] == []
