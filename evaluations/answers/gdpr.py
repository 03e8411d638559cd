"""Questions about the General Data Protection Regulation, with the articles that answer each.

`TUNED_ON` is what thresholds and weights were chosen with. `ASKED` and `FOLLOW_UPS` were not searched over, but they
were written, run and looked at while the measures were being designed: they are no blind test, and what they show is
an upper bound. The unanswerable are near misses: on data protection, sharing three content words or more with one
article.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """`articles`: each must be cited; none means that the Regulation does not hold the answer."""

    text: str
    articles: frozenset[int]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """`second` cannot be understood without `first`; one of `articles` answers it."""

    first: str
    second: str
    articles: frozenset[int]


def _asked(text: str, *articles: int) -> Asked:
    return Asked(text, frozenset(articles))


def _follow(first: str, second: str, *articles: int) -> FollowUp:
    return FollowUp(first, second, frozenset(articles))


ASKED = (
    _asked("What is the right to data portability?", 20),
    _asked("At what age can a child consent to information society services?", 8),
    _asked("What must a record of processing activities contain?", 30),
    _asked("What does pseudonymisation mean?", 4),
    _asked("When is a data protection impact assessment required?", 35),
    _asked("Can a data subject object to direct marketing?", 21),
    _asked("How high can administrative fines be?", 83),
    _asked("Who is liable for damage caused by unlawful processing?", 82),
    _asked("When does the Regulation not apply to the processing of personal data?", 2),
    _asked("How is the chair of the Board elected?", 73),
    _asked("When must a personal data breach be notified to the authority, and when communicated to data subjects?",
           33, 34),
    _asked("Who must designate a data protection officer, and what are the officer's tasks?", 37, 39),
    _asked("What are the rights to rectification and to erasure?", 16, 17),
    _asked("What must a code of conduct contain, and who monitors compliance with it?", 40, 41),
    _asked("Can personal data be transferred on an adequacy decision, or with appropriate safeguards?", 45, 46),
    _asked("How many months may a controller store personal data of job applicants?"),
    _asked("What salary must the controller pay its data protection officer?"),
    _asked("Must a website show a cookie banner before processing personal data?"),
    _asked("Which insurance must a processor have for damages caused by processing personal data?"),
    _asked("How much does a certification by the supervisory authority cost?"),
)  # fmt: skip

TUNED_ON = (
    _asked("How long does the controller have to answer a request of a data subject?", 12),
    _asked("Within how many hours must a breach be notified to the supervisory authority?", 33),
    _asked("What are the conditions for consent?", 7),
    _asked("What are the principles relating to processing of personal data?", 5),
    _asked("When is processing lawful?", 6),
    _asked("Which special categories of personal data may not be processed?", 9),
    _asked("What information must be provided where personal data are collected from the data subject?", 13),
    _asked("What is the right to restriction of processing?", 18),
    _asked("What must the contract between controller and processor stipulate?", 28),
    _asked("What security measures must be taken?", 32),
    _asked("When must the supervisory authority be consulted before processing?", 36),
    _asked("What is the position of the data protection officer?", 38),
    _asked("What are binding corporate rules?", 4),
    _asked("What are the tasks of the supervisory authority?", 57),
    _asked("Which authority is the lead supervisory authority?", 56),
    _asked("Does the right of access include a copy of the data?", 15),
    _asked("What is a personal data breach?", 4),
    _asked("Who are joint controllers?", 26),
    _asked("Does a controller outside the Union need a representative?", 27),
    _asked("Is the right not to be subject to automated decisions absolute?", 22),
    _asked("How does the Regulation treat churches?", 91),
    _asked("When does the Regulation enter into force?", 99),
    _asked("What does data protection by default mean?", 25),
    _asked("Which encryption algorithm must the controller use to protect personal data?"),
    _asked("How many employees work for the supervisory authority in Ireland?"),
    _asked("Which software must processors use to keep records of processing activities?"),
    _asked("What university degree must a data protection officer hold?"),
    _asked("Must a controller back up personal data on tape every night?"),
    _asked("Which colour must the icons for the information of data subjects have?"),
    _asked("Which tax must a controller pay on transfers of personal data to a third country?"),
    _asked("Who won a court case on the right to erasure against a search engine?"),
    _asked("How long may a company keep video surveillance recordings of data subjects?"),
    _asked("What is the postal address of the European Data Protection Board secretariat?"),
    _asked("Must employees pass an exam on data protection every year?"),
)  # fmt: skip

FOLLOW_UPS = (
    _follow("What must a controller record about its processing activities?", "And for processors?", 30),
    _follow("What is the right to rectification?", "And erasure?", 17),
    _follow("What are the tasks of the data protection officer?", "When must one be designated?", 37),
    _follow("What must a data protection impact assessment contain?", "When is it required?", 35),
    _follow("When must the supervisory authority be notified of a breach?", "What about the data subject?", 34),
    _follow("What are the tasks of the supervisory authority?", "And its powers?", 58),
    _follow("Who draws up codes of conduct?", "Who monitors them?", 41),
    _follow("What information must be provided where personal data are collected from the data subject?",
            "What if they were not obtained from the data subject?", 14),
    _follow("What are the conditions for consent?", "What about children?", 8),
    _follow("What is the right of access by the data subject?", "And the right to data portability?", 20),
)  # fmt: skip

TOPIC_SWITCHES = (
    ("What must a controller record about its processing activities?", "How high can administrative fines be?"),
    ("What is the right to rectification?", "When does the Regulation enter into force?"),
    ("What are the tasks of the data protection officer?", "What are the conditions for consent?"),
    ("What must a data protection impact assessment contain?", "Who are joint controllers?"),
    ("When must the supervisory authority be notified of a breach?", "What is the right to data portability?"),
    ("What are the tasks of the supervisory authority?", "Can a data subject object to direct marketing?"),
    ("Who draws up codes of conduct?", "What does pseudonymisation mean?"),
    ("What are the conditions for consent?", "How is the chair of the Board elected?"),
    ("What is the right of access by the data subject?", "Which authority is the lead supervisory authority?"),
    ("What are binding corporate rules?", "Does a controller outside the Union need a representative?"),
)
