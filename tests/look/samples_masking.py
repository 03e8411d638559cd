"""The pages of masking."""

from collections import Counter
from typing import Any

from muniment.agents.types import MaskingMode, MaskingRules
from muniment.ingest.masked import MaskedIn, MaskedWord, MaskingState, Sums
from muniment.ingest.masking_form import MaskingForm
from muniment.ingest.trying import Looked, Part, Piece
from muniment.ingest.types import MaskingCost
from muniment.pii.types import OFF_BY_DEFAULT, PROMISED, PiiClass, Selection
from tests.look.samples_agents import ISOLATION, NOON, RetentionForm, page

SELECTION = Selection(
    terms=("Project Nightjar",),
    patterns=(r"KD-\d{6}",),
    contacts=("Pforte Klinikum Süd-Ost", "pforte@klinikum.example"),
)
RULES = MaskingRules(MaskingMode.STAND_INS, SELECTION)
ITEMS = Counter({PiiClass.PERSON: 18_204, PiiClass.PHONE: 1_320, PiiClass.ADDRESS: 902, PiiClass.EMAIL: 610})
SUMS = Sums(ITEMS, 0, NOON)


def masking(*, again: int = 0, failed: int = 0, corrected: bool = False, is_on: bool = True) -> dict[str, Any]:
    state = MaskingState(RULES.mode if is_on else MaskingMode.OFF, PROMISED, 1204, again, corrected)
    return {"state": state, "sums": Sums(ITEMS, failed, NOON)}


def rules_page(form: MaskingForm, **more: Any) -> tuple[str, dict[str, Any]]:
    chosen = set(form["classes"].value() or ())
    modes = (MaskingMode.STAND_INS, MaskingMode.MASK, MaskingMode.OFF)
    context = {
        "form": form,
        "modes": [(mode, mode.value == form["mode"].value()) for mode in modes],
        "promised": [(kind, kind.value in chosen) for kind in PiiClass if kind not in OFF_BY_DEFAULT],
        "others": [(kind, kind.value in chosen) for kind in PiiClass if kind in OFF_BY_DEFAULT],
        "german": 82,
        "masking": masking(),
    }
    return "agents/masking.html", page("Safety", **context | more)


WRONG = MaskingForm({"mode": "mask", "classes": ["person"], "patterns": "KD-\\d{6}\n(?<=a)b"})
COST = MaskingCost(documents=1204, words=4_310_220, pieces=38_112, seconds=5_200, live=1204, for_good=0, beyond=0)
STAND_IN, CARD = "Zuberiko Lamonitu", "[CARD-K4QX7B2M]"
PIECES = (
    Piece("Sehr geehrte Frau "),
    Piece("Margaret Holloway", PiiClass.PERSON, STAND_IN, 1),
    Piece(",\n\nIhre Karte "),
    Piece("4111 1111 1111 1111", PiiClass.CARD, CARD, 2),
    Piece(" wurde am Empfang abgegeben. "),
    Piece("Holloway", PiiClass.PERSON, "Lamonitu", 3),
    Piece(" holt sie im Amber Court ab, sagt "),
    Piece("Herbarium Kewell", PiiClass.PERSON, "Fosaradu Pinekogi", 4),
    Piece("."),
)
TRY: dict[str, Any] = {
    "text": "".join(piece.words for piece in PIECES),
    "document": "",
    "most": 6000,
    "choice": [{"id": "d1", "name": "Brief an Frau Holloway.docx"}],
    "part": None,
    "looked": None,
    "counts": [],
    "kinds": list(PiiClass),
    "listed": [],
    "never": [],
    "is_off": False,
    "trouble": "",
    "masking": masking(),
}
LOOKED = {"looked": Looked(PIECES), "counts": Looked(PIECES).counts.most_common()}
PART = {"part": Part("Brief an Frau Holloway.docx", "", 2, 12), "document": "d1", "text": ""}
CORRECTED = {
    "listed": [("Amber Court", PiiClass.ADDRESS, False), ("Haus Lindqvist", PiiClass.ORGANISATION, True)],
    "never": [("Herbarium Kewell", False)],
    "masking": masking(corrected=True),
}
WORDS = (
    MaskedWord(PiiClass.PERSON, "Margaret Holloway", STAND_IN, 12),
    MaskedWord(PiiClass.CARD, "4111 1111 1111 1111", CARD, 1),
)
IN_ONE = Counter({PiiClass.PERSON: 12, PiiClass.CARD: 1})
SAFETY: dict[str, Any] = {
    "isolation": ISOLATION,
    "holds": {"documents": 1204, "conversations": 340},
    "readers": {"members": 14, "guests": 1},
    "originals_kept": 1204,
    "deletes": {"originals": False, "conversations": False},
}


def cost_page(cost: MaskingCost, mode: MaskingMode) -> tuple[str, dict[str, Any]]:
    facts = {"cost": cost, "rules": MaskingRules(mode), "act": "save", "typed": [("mode", mode)], "seen": "stamp"}
    return "agents/masking_cost.html", page("Safety", masking=masking(), **facts)


STATES: dict[str, tuple[str, dict[str, Any]]] = {
    "agents/masking": rules_page(MaskingForm.of(RULES)),
    "agents/masking--under_way": rules_page(MaskingForm.of(RULES), masking=masking(again=1084), state="masking"),
    "agents/masking--corrected": rules_page(MaskingForm.of(RULES), masking=masking(corrected=True)),
    "agents/masking--wrong_pattern": rules_page(WRONG, masking=masking(failed=2)),
    "agents/masking--carol": ("agents/masking.html", page("Safety", masking=masking())),
    "agents/masking_cost": cost_page(COST, MaskingMode.STAND_INS),
    "agents/masking_cost--for_good": cost_page(
        MaskingCost(documents=12, words=3_400, pieces=30, seconds=20, live=12, for_good=3, beyond=0), MaskingMode.MASK
    ),
    "agents/masking_try": ("agents/masking_try.html", page("Safety", **TRY | {"text": ""})),
    "agents/masking_try--looked": ("agents/masking_try.html", page("Safety", **TRY | LOOKED | CORRECTED)),
    "agents/masking_try--document": (
        "agents/masking_try.html",
        page(
            "Safety",
            **TRY | LOOKED | {"part": Part("Brief an Frau Holloway.docx", "", 2, 12), "document": "d1", "text": ""},
        ),
    ),
    "agents/masking_try--trouble": (
        "agents/masking_try.html",
        page(
            "Safety", **TRY | {"trouble": "This text has 7,120 characters; paste up to 6,000 at once.", "is_off": True}
        ),
    ),
    "agents/safety--masking": (
        "agents/safety.html",
        page("Safety", masking=masking(again=1084), form=RetentionForm(), state="masking", **SAFETY),
    ),
    "agents/safety--masks_nothing": (
        "agents/safety.html",
        page("Safety", masking=masking(is_on=False), retention="Kept until they are deleted.", **SAFETY),
    ),
}

FRAGMENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "agents/masking_progress": (
        "agents/masking_progress.html",
        page("Safety", masking=masking(), is_part=True),
    ),
    "agents/masked": ("agents/masked.html", {"masked": MaskedIn(IN_ONE, WORDS, False, True)}),
    "agents/masked--others": ("agents/masked.html", {"masked": MaskedIn(IN_ONE, None, False, False)}),
    "agents/masked--for_good": ("agents/masked.html", {"masked": MaskedIn(IN_ONE, (), True, True)}),
    "agents/masked--nothing": ("agents/masked.html", {"masked": MaskedIn(Counter(), (), False, True)}),
}
