"""The classes of personal data, and the ways of masking, in words for people."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from muniment.agents.types import MaskingMode
from muniment.pii.types import PiiClass

LABELS: dict[PiiClass, tuple[Promise, Promise]] = {
    PiiClass.PERSON: (_("Names of people"), _("Margaret Holloway")),
    PiiClass.EMAIL: (_("E-mail addresses"), _("m.holloway@example.org")),
    PiiClass.PHONE: (_("Phone numbers"), _("+44 20 7946 0018")),
    PiiClass.ADDRESS: (_("Street addresses and post codes"), _("12 Mill Lane, Leeds LS1 4AP")),
    PiiClass.IBAN: (_("Bank accounts"), _("GB29 NWBK 6016 1331 9268 19")),
    PiiClass.CARD: (_("Payment cards"), _("4111 1111 1111 1111")),
    PiiClass.NATIONAL_ID: (_("National, tax and social security numbers"), _("QQ 12 34 56 C")),
    PiiClass.PASSPORT: (_("Passports"), _("passport C01X00T47")),
    PiiClass.DRIVING_LICENCE: (_("Driving licences"), _("licence HOLLO657054M99IJ")),
    PiiClass.BIRTH_DATE: (_("Dates of birth"), _("born on 4 May 1971")),
    PiiClass.IP_ADDRESS: (_("IP addresses"), _("192.0.2.44")),
    PiiClass.DEVICE_ID: (_("Devices"), _("MAC 00:1B:44:11:3A:B7")),
    PiiClass.LICENCE_PLATE: (_("Licence plates"), _("plate AB12 CDE")),
    PiiClass.HEALTH_INSURANCE: (_("Health insurance numbers"), _("NHS 943 476 5919")),
    PiiClass.CREDENTIAL: (_("Passwords and keys"), _("password: hunter2")),
    PiiClass.COORDINATES: (_("Coordinates"), _("51.5034, -0.1276")),
    PiiClass.CUSTOM: (_("Words and patterns of your own"), _("Project Nightjar")),
    PiiClass.ORGANISATION: (_("Organisations"), _("Holloway & Sons Ltd")),
    PiiClass.PLACE: (_("Places"), _("Leeds")),
    PiiClass.DATE: (_("Other dates"), _("12 March 2024")),
    PiiClass.NATIONALITY: (_("Nationalities"), _("Portuguese")),
    PiiClass.TITLE: (_("Titles"), _("Dr.")),
    PiiClass.AGE: (_("Ages"), _("54 years old")),
}


MODES: dict[MaskingMode, tuple[Promise, Promise]] = {
    MaskingMode.STAND_INS: (
        _("Stand-ins"),
        _(
            "Each name becomes a made-up word, the same everywhere in this agent: one can still ask about a person, "
            "and whoever may read the documents sees the real names."
        ),
    ),
    MaskingMode.MASK: (
        _("Mask"),
        _(
            "Each name becomes [PERSON] and the words are not kept: nobody can tell two people apart, and it cannot be "
            "undone where the file itself is not kept."
        ),
    ),
    MaskingMode.OFF: (
        _("Off"),
        _("Nothing is masked: everybody who may ask this agent reads every name that stands in its documents."),
    ),
}
