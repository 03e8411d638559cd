"""A disk that cuts, blanks or eats part of a ring: it is refused, never read as if its keys had been destroyed, and
never copied over the good copy in a backup target."""

from collections.abc import Callable
from pathlib import Path

import pytest

from muniment.core.ids import new_id
from muniment.crypto.errors import KeyDestroyedError, KeyringDamagedError
from muniment.crypto.keyring import Keyring
from muniment.crypto.mirrors import RINGS
from muniment.crypto.ring import SLOT
from muniment.crypto.root import LocalRootKey
from muniment.crypto.types import INSTANCE, KeyKind, KeyRef

KEYS = 40
Damage = Callable[[Path], object]


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: SLOT * KEYS // 2])


def _blank(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[SLOT * 8 : SLOT * 12] = bytes(SLOT * 4)
    path.write_bytes(content)


damages = pytest.mark.parametrize("damage", [_cut, _blank, Path.unlink], ids=["cut", "blanked", "gone"])


@pytest.fixture
def silo(opened: Callable[[], Keyring]) -> str:
    team, silo = KeyRef(INSTANCE, KeyKind.TEAM, new_id()), new_id()
    opened().create(team)
    opened().create(KeyRef(INSTANCE, KeyKind.SILO, silo), parent=team)
    return silo


@pytest.fixture
def refs(opened: Callable[[], Keyring], silo: str) -> list[KeyRef]:
    refs = [KeyRef(silo, KeyKind.DOCUMENT, new_id()) for _ in range(KEYS)]
    opened().create(*refs)
    return refs


@damages
def test_a_damaged_ring_opens_nothing_and_is_named(
    opened: Callable[[], Keyring], folder: Path, refs: list[KeyRef], damage: Damage
) -> None:
    path = folder / RINGS / f"{refs[0].ring}.ring"
    whole = path.read_bytes()
    assert opened().faults() == []
    damage(path)
    new = KeyRef(refs[0].ring, KeyKind.DOCUMENT, new_id())
    for use in (
        lambda keyring: keyring.open(refs[-1]),
        lambda keyring: keyring.holds(refs[-1]),
        lambda keyring: list(keyring.refs(refs[0].ring)),
        lambda keyring: keyring.create(new),
    ):
        with pytest.raises(
            KeyringDamagedError, match=f"{path.name} is damaged. Put its copy, out of rings in a backup"
        ):
            use(opened())
    assert [str(path) in str(fault) for fault in opened().faults()] == [True]
    path.write_bytes(whole)
    assert opened().open(refs[-1])
    assert opened().faults() == []


@damages
def test_the_good_copy_stays_in_the_target(
    opened: Callable[[], Keyring], folder: Path, tmp_path: Path, refs: list[KeyRef], damage: Damage
) -> None:
    target, name = tmp_path / "target", f"{refs[0].ring}.ring"
    opened().mirrors.add(target)
    kept = (target / RINGS / name).read_bytes()
    damage(folder / RINGS / name)
    opened().finish_destructions()
    opened().mirrors.add(target)  # copies all that it may
    assert (target / RINGS / name).read_bytes() == kept
    other = KeyRef(INSTANCE, KeyKind.DAY, new_id())
    opened().create(other)
    assert Keyring(target, LocalRootKey(bytes(32))).open(other)


def test_what_is_lost_with_the_instance_ring_stays_in_the_target(
    opened: Callable[[], Keyring], folder: Path, tmp_path: Path, refs: list[KeyRef]
) -> None:
    target = tmp_path / "target"
    opened().mirrors.add(target)
    for ring in (folder / RINGS).glob("*.ring"):
        ring.unlink()
    opened().mirrors.add(target)
    assert all(Keyring(target, LocalRootKey(bytes(32))).open_all(refs).values())


def test_the_ring_of_an_erased_silo_leaves_the_target(
    opened: Callable[[], Keyring], tmp_path: Path, refs: list[KeyRef]
) -> None:
    target, silo = tmp_path / "target", refs[0].ring
    opened().mirrors.add(target)
    away = tmp_path / "away"
    target.rename(away)
    target.write_text("not a folder")
    opened().destroy([KeyRef(INSTANCE, KeyKind.SILO, silo)])
    opened().drop_ring(silo)
    target.unlink()
    away.rename(target)
    assert opened().mirrors.catch_up() == []
    assert not (target / RINGS / f"{silo}.ring").exists()
    with pytest.raises(KeyDestroyedError):
        opened().open(refs[0])


def test_a_ring_cut_in_the_target_is_made_anew(
    opened: Callable[[], Keyring], folder: Path, tmp_path: Path, refs: list[KeyRef]
) -> None:
    target, name = tmp_path / "target", f"{refs[0].ring}.ring"
    opened().mirrors.add(target)
    _cut(target / RINGS / name)
    opened().finish_destructions()
    assert (target / RINGS / name).read_bytes() == (folder / RINGS / name).read_bytes()


def test_a_damaged_ring_of_one_silo_stops_no_start(
    opened: Callable[[], Keyring], folder: Path, refs: list[KeyRef], silo: str
) -> None:
    opened().destroy(refs[:1])
    other = KeyRef(INSTANCE, KeyKind.DAY, new_id())
    opened().create(other)
    _cut(folder / RINGS / f"{silo}.ring")
    opened().finish_destructions()
    assert opened().open(other)


def test_a_damaged_key_under_the_root_key_is_no_other_installation(opened: Callable[[], Keyring], folder: Path) -> None:
    first, second = (KeyRef(INSTANCE, KeyKind.DAY, new_id()) for _ in range(2))
    opened().create(first)
    opened().create(second)
    path = folder / RINGS / "instance.ring"
    content = bytearray(path.read_bytes())
    content[2 * SLOT + 100] ^= 1
    path.write_bytes(content)
    with pytest.raises(KeyringDamagedError, match="is damaged"):
        opened().open(second)
    assert opened().open(first)
