"""How one agent masks personal data, as its owner chose, kept in its silo.

The words an owner lists are personal data themselves, so all of it lies there, sealed under the silo's vault key. Each
change is written under a new key and the old one is destroyed: a name that was taken out is in no backup either. And
whoever writes into the silo reads, in the same transaction, what holds at that moment.
"""

import hashlib
import json
from collections.abc import Iterable

from muniment.agents.types import Masking, MaskingMode, MaskingRules
from muniment.core.errors import CorruptedError
from muniment.core.ids import id_bytes
from muniment.crypto.types import KeyKind
from muniment.pii.standins import masked, stand_ins
from muniment.pii.types import PiiClass, Selection
from muniment.silo.sealed import Record, Silo, SiloReader, SiloWriter
from muniment.silo.types import Table


def read_rules(reader: SiloReader) -> MaskingRules:
    record = next(reader.records(Table.RULE), None)
    return _from_bytes(record.content) if record else MaskingRules()


def write_rules(silo: Silo, writer: SiloWriter, rules: MaskingRules) -> None:
    """In place of the older ones, whose key is destroyed with the commit."""
    for older in [record.group for record in writer.records(Table.RULE)]:
        writer.erase_group([Table.RULE], older)
    group = silo.new_group(KeyKind.VAULT)
    writer.put(Table.RULE, [Record(id_bytes(group), group, _to_bytes(rules))])


def masking_in(silo: Silo, reader: SiloReader) -> Masking:
    """What holds in this silo now."""
    rules = read_rules(reader)
    stand_in = stand_ins(silo.stand_in_key()) if rules.mode is MaskingMode.STAND_INS else masked
    return Masking(rules.mode, rules.selection, stamp(rules), stand_in)


def stamp(rules: MaskingRules) -> str:
    """Names the rules; empty where nothing is masked."""
    if rules.mode is MaskingMode.OFF:
        return ""
    return hashlib.sha256(_to_bytes(MaskingRules(rules.mode, _in_order(rules.selection)))).hexdigest()[:32]


def _to_bytes(rules: MaskingRules) -> bytes:
    chosen = rules.selection
    words = [list(chosen.terms), list(chosen.patterns), list(chosen.contacts)]
    return json.dumps([rules.mode, sorted(chosen.classes), *words], ensure_ascii=False).encode()


def _from_bytes(content: bytes) -> MaskingRules:
    try:
        mode, classes, *words = json.loads(content)
        terms, patterns, contacts = (tuple(map(str, some)) for some in words)
        selection = Selection(frozenset(map(PiiClass, classes)), terms, patterns, contacts)
        return MaskingRules(MaskingMode(mode), selection)
    except (ValueError, TypeError):
        raise CorruptedError(
            "The masking rules of this agent do not make sense. Restore this agent from a backup."
        ) from None


def _in_order(selection: Selection) -> Selection:
    def ordered(words: Iterable[str]) -> tuple[str, ...]:
        return tuple(sorted(set(words)))

    return Selection(
        selection.classes, ordered(selection.terms), ordered(selection.patterns), ordered(selection.contacts)
    )
