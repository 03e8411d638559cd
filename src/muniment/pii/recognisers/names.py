"""Names that titles and initials give away, whatever the model makes of them."""

import re
from collections.abc import Iterator

from muniment.pii.types import PiiClass, Span

_TITLE = (
    r"Mr|Mrs|Ms|Miss|Mx|Dr|Prof|Professor|Sir|Dame|Lord|Lady|Rev|Reverend|Judge|Justice|Captain|Capt|Sgt|Nurse|Sister|Father|"
    r"Herrn?|Frau|Fräulein|Dipl\.-Ing|Mag|Mme|Madame|Mlle|Monsieur|Señora?|Sra?|Signora?|Sig|Doña|Pan|Pani"
)
TITLES = re.compile(rf"(?<![\w.])(?:{_TITLE})(?!\w)\.?")
_PARTICLE = r"(?:van der|van den|van de|van|von der|von und zu|von|zu|de la|de los|de|del|della|di|da|dos|du|le|la|ter|ten|al-|el-|bin|ibn|ben|ap|Mc|Mac|O')"
_NAME = r"[A-ZÀ-ÖØ-ÞĀ-Ž][^\W\d_]{1,30}(?:['-][^\W\d_]{1,30}){0,2}"
_INITIAL = r"[A-ZÀ-ÖØ-Þ]\."
_BLANK = r"(?:[ ]|\n(?!\n))"
_TITLED = re.compile(
    rf"(?<![\w.])(?:(?:{_TITLE})\.?{_BLANK}){{1,3}}((?:{_INITIAL}{_BLANK}?){{0,3}}(?:{_PARTICLE}{_BLANK}?)?{_NAME}(?:{_BLANK}(?:{_INITIAL}{_BLANK})?(?:{_PARTICLE}{_BLANK})?{_NAME}){{0,2}})"
)
_INITIALS = re.compile(
    rf"(?<![\w.°])(?<!\W[a-z]\.[ ])((?:{_INITIAL}{_BLANK}?){{1,3}}(?:{_PARTICLE}{_BLANK})?{_NAME})(?![\w])"
)
_GREETED = re.compile(
    rf"(?<!\w)(?:Dear|Hi|Hello|Liebe[r]?|Hallo|Lieber|Chère?|Querid[oa]|Caro|Cara)[ ]({_NAME}(?:[ ]{_NAME}){{0,2}})(?=[ ]?[,!.:;\n]|$)"
)
_NO_NAME = frozenset(
    "Sir Madam All Colleagues Colleague Team Customer Applicant Everyone Sirs Members Member Friends Friend Board Minister President "
    "Chairman Chair Court Street Justice General Secretary Commissioner Damen Herren Kollegen Kolleginnen Doctor World There "
    "The This These In A An It We Our".split()
)
NO_NAME_ENDS = re.compile(r"[^\W\d_]{4,}(?:ierung|tion|heit|keit|schaft|ität|ismus)(?:en|s)?", re.IGNORECASE)
"""Words made of others, as no surname is: Pseudonymisierung, Transformation."""


def names(text: str) -> Iterator[Span]:
    for pattern, score in ((_TITLED, 0.9), (_INITIALS, 0.7), (_GREETED, 0.8)):
        for found in pattern.finditer(text):
            titled = pattern is _GREETED and TITLES.match(found[1])
            made = pattern is _INITIALS and NO_NAME_ENDS.fullmatch(found[1].split()[-1])
            if not titled and not made and found[1].split()[-1] not in _NO_NAME and found[1].split()[0] not in _NO_NAME:
                yield Span(*found.span(1), PiiClass.PERSON, score)
