"""Sentences written for this measurement, after the rules, and never used to change them. Names stand in [[ ]].

No name in them is taken from the synthetic data. Several kinds of text: letters, minutes, contracts, notes, chat.
"""

import re

ENGLISH = """
[[Oliver Pemberton]] joined the board in March, after [[Fiona Castellane]] had stepped down for reasons of health.
Please forward the contract to [[Tunde Bakare]] and copy [[Ingrid Solheim]] in.
The witness, [[Amara Nwosu]], told the panel that she had never met [[Nwosu]]'s accountant.
Minutes: present were [[R. Aldington]], [[Sunita Krishnan]] and [[Jakub Wieczorek]]; apologies from [[Wei Zhang]].
can you ask [[imogen thackeray]] whether the keys are still with [[thackeray]]'s brother
Patient [[Leopold Achterberg]] was seen by Dr [[Yasmin Farouk]] on the ward this morning.
This lease is made between [[Cordelia Winstanley]] (the tenant) and Harbour Homes Ltd.
Hi [[Bogdan]], thanks for the quick reply! Best, [[Marisol]]
According to [[Desmond Okonkwo]], the pump had failed twice before [[Henrietta Lascelles]] reported it.
Signed: [[Thibault Marchand]], Head of Procurement
The applicant's sister, [[Ludmila Hrabovska]], lives with [[Pavel Hrabovsky]] in Leeds.
[[Gethin Prosser]] v [[Prosser]]: the court found for the defendant.
We interviewed three candidates: [[Noor Haddad]], [[Callum Strachan]], and [[Beatriz Quintanilla]].
Ms [[Quintanilla]] has the strongest references, [[Strachan]] the longest experience.
My landlord [[Erasmus Vantongeren]] refuses to fix the heating, what can I do?
From: [[Saoirse Mulcahy]] To: [[Hamish Dalgleish]] Subject: parking
The grant was awarded to Professor [[Chidi Anyanwu]] for work on river deltas.
Tell [[Rosalind]] that [[Kwabena Asante]] called about the boiler.
[[Mrs Featherstonehaugh]] complained about the noise from flat 3.
In the second half [[Matteo Bellandi]] replaced [[Ruben Oosterhuis]].
""".strip()

GERMAN = """
[[Friedrich Wallenhorst]] ist seit März im Vorstand, nachdem [[Annegret Dölling]] zurückgetreten war.
Bitte leiten Sie den Vertrag an [[Torsten Hagedorn]] weiter und setzen Sie [[Silke Brinkmeier]] in Kopie.
Die Zeugin [[Gesine Ahlers]] sagte aus, sie habe [[Ahlers]]' Buchhalter nie getroffen.
Anwesend: [[K. Oberstetter]], [[Ayşe Demirkan]] und [[Jörg Pachulke]]; entschuldigt fehlte [[Liselotte Kranz]].
kannst du [[meike tiedemann]] fragen, ob die schlüssel noch bei [[tiedemanns]] bruder liegen
Der Patient [[Leonhard Achterberg]] wurde heute von Frau Dr. [[Hülya Özkan]] untersucht.
Dieser Mietvertrag wird zwischen [[Roswitha Engelbrecht]] und der Hafenbau GmbH geschlossen.
Hallo [[Björn]], danke für die schnelle Antwort! Viele Grüße, [[Swantje]]
Nach Angaben von [[Detlef Okroy]] war die Pumpe bereits zweimal ausgefallen, bevor [[Henriette Laschinger]] es meldete.
Gezeichnet: [[Eckhard Mertesacker]], Leiter Einkauf
Die Schwester der Antragstellerin, [[Ludmilla Grabowski]], wohnt mit [[Pawel Grabowski]] in Dresden.
Wir haben drei Bewerber gesprochen: [[Nur Haddad]], [[Carsten Stramm]] und [[Beatrix Quandt]].
Herr [[Stramm]] hat die längste Erfahrung, Frau [[Quandt]] die besten Zeugnisse.
Mein Vermieter [[Erasmus Vonderheide]] weigert sich, die Heizung zu reparieren.
Von: [[Sabine Mühlhausen]] An: [[Heiko Dahlmann]] Betreff: Parkplatz
Die Förderung ging an Professorin [[Chiara Anzengruber]] für Arbeiten über Flussdeltas.
Sag [[Rosemarie]] bitte, dass [[Kofi Asante]] wegen des Kessels angerufen hat.
Frau [[Feddersen-Petersen]] beschwerte sich über den Lärm aus Wohnung 3.
In der zweiten Halbzeit kam [[Matthias Bellmann]] für [[Ruben Osterhus]].
Das Gutachten von [[Wiebke Stoltenberg]] widerspricht dem des Sachverständigen [[Gunther Prinz]].
""".strip()

_MARK = re.compile(r"\[\[(.*?)\]\]")

Marked = tuple[str, list[tuple[int, int]]]


def marked(text: str) -> list[Marked]:
    """Each line without its marks, and the spans they stood around."""
    return [_unmarked(line) for line in text.splitlines()]


def _unmarked(line: str) -> Marked:
    spans, plain, at = [], "", 0
    for mark in _MARK.finditer(line):
        plain += line[at : mark.start()]
        spans.append((len(plain), len(plain) + len(mark[1])))
        plain += mark[1]
        at = mark.end()
    return plain + line[at:], spans
