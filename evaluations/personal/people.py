"""A hundred people for one agent to know, made from lists of our own; no name stands in any other test or data."""

from dataclasses import dataclass

_GIVEN_NAMES = """
Adelina Barnaby Cosima Dorian Eluned Fergal Giselle Horatio Isolde Jocasta Kester Leocadia Mortimer Nerys Osbert Perdita
Quentin Rosamund Sylvester Tamsin Ulrike Volker Wiebke Xaver Ysolt Zacharias Annika Bartosz Chiara Dmitri
"""
_SURNAMES = """
Ashgrove Brackenbury Cattermole Dunwoodie Eaglesfield Fairweather Goodenough Harbottle Inglethorpe Jessamine Kettlewell
Lanchester Micklethwait Netherby Ollerenshaw Penhaligon Quartermaine Ravenscroft Satterthwaite Threlkeld Underhay
Vavasour Wigglesworth Yelverton Arkwright Birkinshaw Chenoweth Drinkwater Entwistle Fotheringay Gathercole Hebblethwaite
Illingworth Jellicoe Kirkbride Lowenstein Mandeville Nightingale Oglethorpe Pettigrew Rawnsley Shuttleworth Trevelyan
Uttridge Venables Wolstenholme Abernethy Brocklehurst Calverley Dalrymple Elphinstone Farquharson Galbraith Hamersley
Anzengruber Biedenkopf Claussnitzer Dinkelacker Eichelberger Feuchtwanger Grillparzer Hufnagel Itzenplitz Jablonski
Kirchgeorg Lindenschmidt Mittelhammer Niedermayr Oberhuber Pfannenstiel Quandtner Rautenberg Schwanthaler Trautmannsdorf
Uhlmannsiek Vollmarstein Wackernagel Zeidlitz Andreotti Bevilacqua Castiglioni Dombrowski Eszterhazy Fonseca Grabowska
Horvathova Iliescu Jaramillo Kowalczyk Lindqvist Mavrogordato Novotny Olafsdottir Papadakis Quiroga Rasmussen
Szczepanski Tereshchenko Uzunoglu Villanueva
"""
_ENGLISH = """
{who} of the procurement office signed the lease of the boathouse. The lease runs for four years. {last}'s office keeps the copies, and every change of the lease goes through {last}.
Minutes of the meeting. Present were the board and {who}. {last} reported that the pump had failed twice, and that the repair costs 3400 euros. The board thanked {last} for the report.
The complaint about the noise came from {who}. {last} lives above the workshop. The caretaker spoke with {last} and found that the fan runs at night.
{who} was seen on the ward this morning. The knee is swollen, and {last} walks with a stick. The next appointment of {last} is in two weeks.
The letter of {who} arrived late. In it {last} asks for a copy of the contract, and for the name of the insurer. Nobody has answered {last} yet.
""".strip().splitlines()  # noqa: E501 - a note is a line
_GERMAN = """
Den Pachtvertrag des Bootshauses hat {who} unterschrieben. Er läuft vier Jahre. Die Abschriften liegen bei {last}, und jede Änderung geht über {last}.
Protokoll der Sitzung. Anwesend waren der Vorstand und {who}. Nach dem Bericht von {last} ist die Pumpe zweimal ausgefallen, die Reparatur kostet 3400 Euro. Der Vorstand dankte {last}.
Die Beschwerde über den Lärm kam von {who}. Über der Werkstatt wohnt {last}. Der Hausmeister sprach mit {last} und stellte fest, dass der Lüfter nachts läuft.
Heute Morgen wurde {who} auf der Station untersucht. Das Knie ist geschwollen, und {last} geht am Stock. Der nächste Termin von {last} ist in zwei Wochen.
Der Brief von {who} kam zu spät. Darin bittet {last} um eine Kopie des Vertrags und um den Namen der Versicherung. Bisher hat niemand {last} geantwortet.
""".strip().splitlines()  # noqa: E501 - a note is a line
_NOTES = {"en": _ENGLISH, "de": _GERMAN}
_TITLES = {"en": ("Ms", "Mr", "Dr", "Ms", "Mr"), "de": ("Frau", "Herr", "Dr.", "Frau", "Herr")}
_ASKED = {
    "en": {
        "in full": "What is known of {given} {last}?",
        "by surname": "What is known of {last}?",
        "in small letters": "what is known of {small_given} {small}?",
        "surname in small letters": "what do you know about {small}",
        "in the genitive": "Which is {last}'s case?",
    },
    "de": {
        "in full": "Was ist über {given} {last} bekannt?",
        "by surname": "Was ist über {last} bekannt?",
        "in small letters": "was ist über {small_given} {small} bekannt?",
        "surname in small letters": "was weißt du über {small}",
        "in the genitive": "Welches ist {last}s Anliegen?",
    },
}


@dataclass(frozen=True, slots=True)
class Planted:
    """One person, and the note that alone speaks of this person; nineteen others say the same of somebody else."""

    given: str
    surname: str
    note: str
    language: str

    def forms(self) -> dict[str, str]:
        """The ways in which one is asked for, and the question."""
        given, last = self.given, self.surname
        return {
            form: question.format(given=given, last=last, small_given=given.lower(), small=last.lower())
            for form, question in _ASKED[self.language].items()
        }


def people(language: str, *, titled: bool) -> list[Planted]:
    """A hundred, each of a surname of its own; given names come back. `titled`: with a "Ms" or "Dr" before the name."""
    return [_planted(number, surname, language, titled) for number, surname in enumerate(_SURNAMES.split()[:100])]


def _planted(number: int, surname: str, language: str, titled: bool) -> Planted:
    names, notes, titles = _GIVEN_NAMES.split(), _NOTES[language], _TITLES[language]
    given = names[number * 7 % len(names)]
    who = f"{titles[number // 5 % len(titles)]} {given} {surname}" if titled else f"{given} {surname}"
    return Planted(given, surname, notes[number % len(notes)].format(who=who, last=surname), language)
