"""How much personal data is found, beside Presidio with the same model, how fast, and what is not found.

The synthetic data of presidio-research in `../shared/data/pii` (1,500 texts from 209 templates): rules and thresholds
were made on the texts of the even templates; the odd ones are the report. A span counts when 80 % of its characters are
covered, by whatever class; a find is right when half of it lies in spans of the data. The German and English sentences
of our own were written after the rules. Takes about 6 minutes, the first time 10: Presidio is installed into an
environment of its own.
"""

import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from evaluations import peers, runs
from evaluations.personal.identifiers import valid_numbers
from evaluations.personal.sentences import ENGLISH, GERMAN, marked
from muniment.pii.detection import detect
from muniment.pii.rampart.tagger import Rampart
from muniment.pii.tagged import SURE
from muniment.pii.types import GERMAN_NAMES_FOUND, PiiClass, Selection

DATA = Path(__file__).resolve().parents[2] / "shared" / "data"
BESIDE = Path(__file__).parent / "beside" / "presidio.py"
COVERED, RIGHT = 0.8, 0.5
_BOTH = {"PERSON", "CREDIT_CARD", "PHONE_NUMBER", "EMAIL_ADDRESS", "IBAN_CODE", "US_SSN", "IP_ADDRESS"}
PROMISED = _BOTH | {"STREET_ADDRESS", "ZIP_CODE", "US_DRIVER_LICENSE"}
PRESIDIO = sorted(_BOTH | {"LOCATION", "US_DRIVER_LICENSE", "US_PASSPORT", "US_ITIN", "UK_NHS"})
"""What of Presidio answers to the promised classes; places too, for it has no other class for addresses."""

Spans = list[list[tuple[int, int]]]
Example = dict[str, Any]


def synthetic() -> list[Example]:
    path = DATA / "pii" / "synth_dataset_v2.json"
    if not path.exists():
        sys.exit(f"The synthetic data is absent: {path}.")
    return list(json.loads(path.read_text()))


class Score:
    """Recall by type of what the data marks, and precision of what was found."""

    def __init__(self, examples: Sequence[Example], found: Spans, *, types: set[str] | None) -> None:
        self.there, self.hit = Counter[str](), Counter[str]()
        self.finds = self.right = 0
        for example, spans in zip(examples, found, strict=True):
            self._add(example["spans"], spans, types)

    def _add(self, marks: list[Example], spans: list[tuple[int, int]], types: set[str] | None) -> None:
        covered = {at for start, end in spans for at in range(start, end)}
        true = {at for mark in marks for at in range(mark["start_position"], mark["end_position"])}
        for mark in marks:
            if types is None or mark["entity_type"] in types:
                own = range(mark["start_position"], mark["end_position"])
                self.there[mark["entity_type"]] += 1
                self.hit[mark["entity_type"]] += sum(at in covered for at in own) >= COVERED * len(own)
        self.finds += len(spans)
        self.right += sum(sum(at in true for at in range(*span)) >= RIGHT * (span[1] - span[0]) for span in spans)

    def recall(self, kind: str | None = None) -> str:
        hit, there = (counts[kind] if kind else counts.total() for counts in (self.hit, self.there))
        return f"{hit / there:.3f}" if there else ""

    def precision(self) -> str:
        return f"{self.right / self.finds:.3f}"


def own(texts: Sequence[str], tagger: Rampart, selection: Selection) -> Spans:
    return [[(span.start, span.end) for span in detect(text, tagger=tagger, selection=selection)] for text in texts]


def presidio(texts: Sequence[str], *, tagger: Rampart | None, entities: list[str] | None) -> Spans:
    """Presidio's finds, overlaps joined. With `tagger`, its names and places; else those of spaCy's small pipeline."""
    tags = tagger and [
        [(tag.start, tag.end, tag.label.value) for tag in tagger(text) if tag.score >= SURE] for text in texts
    ]
    given = json.dumps({"texts": list(texts), "tags": tags, "entities": entities})
    done = subprocess.run([peers.python(), BESIDE], input=given, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"Presidio failed:\n{done.stderr[-3000:]}")
    return [joined(spans) for spans in json.loads(done.stdout.splitlines()[-1])["spans"]]


def joined(spans: list[list[int]]) -> list[tuple[int, int]]:
    out: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if out and start < out[-1][1]:
            out[-1] = (out[-1][0], max(end, out[-1][1]))
        else:
            out.append((start, end))
    return out


def table(examples: list[Example], tagger: Rampart, *, types: set[str] | None, title: str) -> list[str]:
    """A table of one selection: the odd templates, beside the even ones and beside Presidio on the odd."""
    selection = Selection() if types else Selection(classes=frozenset(PiiClass))
    entities = PRESIDIO if types else None
    odd, even = ([one for one in examples if one["template_id"] % 2 == half] for half in (1, 0))
    texts, seen = ([one["full_text"] for one in half] for half in (odd, even))
    ours = Score(odd, own(texts, tagger, selection), types=types)
    columns = [
        ours,
        Score(even, own(seen, tagger, selection), types=types),
        Score(odd, presidio(texts, tagger=tagger, entities=entities), types=types),
        Score(odd, presidio(texts, tagger=None, entities=entities), types=types),
    ]
    names = ("Muniment, odd", "Muniment, even", "Presidio, same model, odd", "Presidio, spaCy sm, odd")
    out = [runs.row(title, *names, "not found of odd"), runs.row(*["---"] * 6)]
    missed = ours.there.total() - ours.hit.total()
    out.append(runs.row("**all spans**", *[one.recall() for one in columns], f"{missed} of {ours.there.total()}"))
    out.append(runs.row("precision", *[one.precision() for one in columns], ""))
    for kind, there in ours.there.most_common():
        missing = there - ours.hit[kind]
        out.append(runs.row(kind, *[one.recall(kind) for one in columns], f"{missing} of {there}" if missing else ""))
    return out


def names(text: str, tagger: Rampart) -> Score:
    lines = marked(text)
    examples = [
        {"spans": [{"entity_type": "PERSON", "start_position": start, "end_position": end} for start, end in spans]}
        for _, spans in lines
    ]
    return Score(examples, own([line for line, _ in lines], tagger, Selection()), types=None)


def told(score: Score) -> str:
    return f"{score.recall()} of {score.there.total()}, precision {score.precision()}"


def german(tagger: Rampart) -> str:
    """What the page of an agent says of German is what is measured here, and not more."""
    score = names(GERMAN, tagger)
    share = 100 * score.hit.total() // score.there.total()
    if share != GERMAN_NAMES_FOUND:
        sys.exit(f"Of 100 German names {share} are found: set pii.types.GERMAN_NAMES_FOUND to that.")
    return told(score)


def checksums(tagger: Rampart) -> str:
    numbers = list(valid_numbers())
    sentences = [f"It says {number} on the form." for _, number in numbers]
    found = own(sentences, tagger, Selection())
    covered = sum(
        any(start <= 8 and end >= 8 + len(number) for start, end in spans)
        for (_, number), spans in zip(numbers, found, strict=True)
    )
    return f"{covered / len(numbers):.4f} of {len(numbers)} numbers of {len(dict(numbers))} kinds"


def speed(text: str, tagger: Rampart) -> tuple[float, int]:
    """Million bytes per minute of processor time on one thread, and how many finds."""
    began = time.process_time()
    finds = detect(text, tagger=tagger, selection=Selection())
    return len(text.encode()) / 1e6 / ((time.process_time() - began) / 60), len(finds)


def resident() -> float:
    """MiB of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096 / 2**20


def others(tagger: Rampart, memory: float) -> list[str]:
    texts = {
        "English law (General Data Protection Regulation)": (DATA / "gdpr" / "articles.txt").read_text()[:200_000],
        "German law (the same)": (DATA / "gdpr" / "articles-de.txt").read_text()[:200_000],
        "abstracts of SciFact": " ".join(
            json.loads(line)["text"] for line in (DATA / "scifact" / "corpus.jsonl").read_text().splitlines()[:150]
        )[:200_000],
    }
    out = [runs.row("what", "measured", "asked for"), runs.row("---", "---", "---")]
    out.append(runs.row("identifiers with a checksum, alone in a sentence", checksums(tagger), "1.0000"))
    out.append(runs.row("names in English sentences of our own", told(names(ENGLISH, tagger)), ""))
    out.append(runs.row("names in German sentences of our own", german(tagger), ""))
    for name, text in texts.items():
        rate, finds = speed(text, tagger)
        says = f"{rate:.2f}; {finds} finds in {len(text):,} characters that name nobody"
        out.append(runs.row(f"MB per minute and core, {name}", says, "≥ 0.6"))
    out.append(runs.row("MiB that model and rules add to a process with the libraries loaded", f"{memory:.0f}", ""))
    return out


def main() -> None:
    before = resident()
    tagger = Rampart(threads=1)
    detect("Warm up, Mr Holloway: 089 32168 0815.", tagger=tagger)
    memory = resident() - before
    examples = synthetic()
    blocks = [
        table(examples, tagger, types=PROMISED, title="promised classes"),
        table(examples, tagger, types=None, title="all 17 types, every class on"),
        others(tagger, memory),
    ]
    print("\n\n".join("\n".join(block) for block in blocks))


if __name__ == "__main__":
    main()
