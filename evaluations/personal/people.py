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
_NOTES = """
{who} of the procurement office signed the lease of the boathouse. The lease runs for four years. {last}'s office keeps the copies, and every change of the lease goes through {last}.
Minutes of the meeting. Present were the board and {who}. {last} reported that the pump had failed twice, and that the repair costs 3400 euros. The board thanked {last} for the report.
The complaint about the noise came from {who}. {last} lives above the workshop. The caretaker spoke with {last} and found that the fan runs at night.
{who} was seen on the ward this morning. The knee is swollen, and {last} walks with a stick. The next appointment of {last} is in two weeks.
The letter of {who} arrived late. In it {last} asks for a copy of the contract, and for the name of the insurer. Nobody has answered {last} yet.
""".strip().splitlines()  # noqa: E501 - a note is a line
_TITLES = ("Ms", "Mr", "Dr", "Ms", "Mr")


@dataclass(frozen=True, slots=True)
class Planted:
    """One person, and the note that alone speaks of this person; nineteen others say the same of somebody else."""

    given: str
    surname: str
    note: str

    def forms(self) -> dict[str, str]:
        """The ways in which one is asked for, and the question."""
        return {
            "in full": f"What is known of {self.given} {self.surname}?",
            "by surname": f"What is known of {self.surname}?",
            "in small letters": f"what is known of {self.given.lower()} {self.surname.lower()}?",
            "surname in small letters": f"what do you know about {self.surname.lower()}",
            "in the genitive": f"Which is {self.surname}'s case?",
        }


def people() -> list[Planted]:
    """A hundred, each of a surname of its own; given names come back."""
    return [_planted(number, surname) for number, surname in enumerate(_SURNAMES.split()[:100])]


def _planted(number: int, surname: str) -> Planted:
    names = _GIVEN_NAMES.split()
    given, kind = names[number * 7 % len(names)], number % len(_NOTES)
    who = f"{_TITLES[number // 5 % len(_TITLES)]} {given} {surname}"
    return Planted(given, surname, _NOTES[kind].format(who=who, last=surname))
