"""What a backup target is, and what is refused as one."""

import json
import os
from pathlib import Path

import pytest

from muniment.backup.errors import TargetError
from muniment.backup.target import MANIFEST, Manifest, Target, copy_file, read_manifest, write_manifest
from muniment.core.ids import new_id

WHOLE = Manifest("2026-11-25T00:00:00+00:00", "0.1.0", 3, (new_id(), new_id()))


@pytest.mark.parametrize("place", ["home", "home/below", "keys", "keys/below", ".", "linked"])
def test_a_target_inside_or_around_the_installation_is_refused(tmp_path: Path, place: str) -> None:
    (tmp_path / "home").mkdir()
    (tmp_path / "linked").symlink_to(tmp_path / "home")
    with pytest.raises(TargetError, match="inside or around"):
        Target.prepare(tmp_path / place, home=tmp_path / "home", keys=tmp_path / "keys")
    assert Target.prepare(tmp_path / "target", home=tmp_path / "home", keys=tmp_path / "keys").snapshots.is_dir()


def test_a_manifest_is_read_as_it_was_written(tmp_path: Path) -> None:
    write_manifest(tmp_path, WHOLE)
    assert read_manifest(tmp_path) == WHOLE


@pytest.mark.parametrize("content", ["", "{", "[]", "null", '{"at": 1}', '{"silos": 7}'])
def test_a_damaged_manifest_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / MANIFEST).write_text(content)
    with pytest.raises(TargetError, match="cannot be read"):
        read_manifest(tmp_path)


def test_a_newer_format_is_refused(tmp_path: Path) -> None:
    write_manifest(tmp_path, WHOLE)
    fields = json.loads((tmp_path / MANIFEST).read_text())
    (tmp_path / MANIFEST).write_text(json.dumps(fields | {"format": 2}))
    with pytest.raises(TargetError, match="newer Muniment"):
        read_manifest(tmp_path)


def test_half_made_snapshots_do_not_count(tmp_path: Path) -> None:
    target = Target(tmp_path)
    for name in ("2026-11-24T00", "2026-11-25T00", "2026-11-26T00.partial", "2026-11-27T00"):
        (target.snapshots / name).mkdir(parents=True)
        if not name.startswith("2026-11-27"):
            write_manifest(target.snapshots / name, WHOLE)
    assert [path.name for path in target.whole_snapshots()] == ["2026-11-24T00", "2026-11-25T00"]
    target.drop_partial()
    assert not (target.snapshots / "2026-11-26T00.partial").exists()


def test_a_copy_is_whole_and_closed_to_others(tmp_path: Path) -> None:
    (tmp_path / "source").write_bytes(os.urandom(100_000))
    copy_file(tmp_path / "source", tmp_path / "below" / "copy")
    assert (tmp_path / "below" / "copy").read_bytes() == (tmp_path / "source").read_bytes()
    assert (tmp_path / "below" / "copy").stat().st_mode & 0o077 == 0
    assert [path.name for path in (tmp_path / "below").iterdir()] == ["copy"]


def test_one_backup_at_a_time(tmp_path: Path) -> None:
    target = Target.prepare(tmp_path / "target", home=tmp_path / "home", keys=tmp_path / "keys")
    with target.alone(), pytest.raises(TargetError, match="Another backup to this target is under way"), target.alone():
        raise AssertionError
    with target.alone():
        assert target.snapshots.is_dir()
