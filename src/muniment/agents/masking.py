"""How one agent masks personal data, as its owner chose, kept in its silo.

The words an owner lists are personal data themselves, so all of it lies there, sealed under the silo's vault key. Each
change is written under a new key and the old one is destroyed: a name that was taken out is in no backup either. And
whoever writes into the silo reads, in the same transaction, what holds at that moment.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from muniment.agents.types import Masking, MaskingMode, MaskingRules
from muniment.core.errors import CorruptedError
from muniment.core.ids import id_bytes
from muniment.crypto.types import KeyKind
from muniment.pii.standins import masked, stand_ins
from muniment.pii.types import PiiClass, Selection
from muniment.silo.sealed import Record, Silo, SiloReader, SiloWriter
from muniment.silo.types import Table

_WORDS = ("terms", "patterns", "contacts", "never")


def read_rules(reader: SiloReader) -> MaskingRules:
    """What holds now."""
    return _read(reader)[0]


def read_wanted(reader: SiloReader) -> MaskingRules:
    """What holds as soon as the owner says so: the rules with the corrections made since."""
    return _read(reader)[1]


def write_rules(silo: Silo, writer: SiloWriter, rules: MaskingRules, *, wanted: MaskingRules | None = None) -> None:
    """In place of the older ones, whose key is destroyed with the commit."""
    for older in [record.group for record in writer.records(Table.RULE)]:
        writer.erase_group([Table.RULE], older)
    group = silo.new_group(KeyKind.VAULT)
    writer.put(Table.RULE, [Record(id_bytes(group), group, _to_bytes(rules, wanted or rules))])


def masking_in(silo: Silo, reader: SiloReader) -> Masking:
    """What holds in this silo now."""
    return masking_of(silo, read_rules(reader))


def masking_of(silo: Silo, rules: MaskingRules) -> Masking:
    """What these rules would do in this silo."""
    stand_in = stand_ins(silo.stand_in_key()) if rules.mode is MaskingMode.STAND_INS else masked
    return Masking(rules.mode, rules.selection, stamp(rules), stand_in)


def stamp(rules: MaskingRules) -> str:
    """Names the rules; empty where nothing is masked. Rules that find the same have the same."""
    if rules.mode is MaskingMode.OFF:
        return ""
    return hashlib.sha256(json.dumps(_fields(rules, in_order=True)).encode()).hexdigest()[:32]


def _read(reader: SiloReader) -> tuple[MaskingRules, MaskingRules]:
    record = next(reader.records(Table.RULE), None)
    if record is None:
        return MaskingRules(), MaskingRules()
    try:
        rules, wanted = map(_from_fields, json.loads(record.content))
    except (ValueError, TypeError, KeyError):
        raise CorruptedError(
            "The masking rules of this agent do not make sense. Restore this agent from a backup."
        ) from None
    return rules, wanted


def _to_bytes(*rules: MaskingRules) -> bytes:
    return json.dumps([_fields(one) for one in rules], ensure_ascii=False).encode()


def _fields(rules: MaskingRules, *, in_order: bool = False) -> dict[str, Any]:
    chosen = rules.selection
    words = {name: list(getattr(chosen, name)) for name in (*_WORDS, "listed")}
    if in_order:
        words = {name: sorted(set(some)) for name, some in words.items()}
    return {"mode": rules.mode.value, "classes": sorted(chosen.classes), **words}


def _from_fields(fields: Mapping[str, Any]) -> MaskingRules:
    words: dict[str, tuple[str, ...]] = {name: tuple(map(str, fields[name])) for name in _WORDS}
    listed = tuple((str(some), PiiClass(kind)) for some, kind in fields["listed"])
    classes = frozenset(map(PiiClass, fields["classes"]))
    return MaskingRules(MaskingMode(fields["mode"]), Selection(classes, listed=listed, **words))
