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
Im Protokoll steht, dass [[Hannelore Wittgenfeld]] dem Antrag zustimmte und [[Jost Ebelmann]] sich enthielt.
Bitte rufen Sie [[Reinhild Suttner]] zurück, sie wartet seit Dienstag auf die Unterlagen.
Der Notar [[Casimir Freudenreich]] beurkundete den Kauf am selben Tag.
Anwesend waren [[T. Lindequist]], [[Zeynep Arslan]] und [[Ottokar Wendt]].
Herr [[Krummenauer]] bat um Aufschub, Frau [[Tschirner-Bolte]] lehnte ab.
[[Mechthild Overkamp]] hat gekündigt. Wer übernimmt nun [[Overkamps]] Projekte?
Liebe [[Friedgard]], herzlichen Dank für die Blumen! Deine [[Ottilie]]
Gegen [[Nepomuk Saalfrank]] wird wegen Untreue ermittelt.
Das Zimmer neben dem von [[Gunnar Ziegenhagen]] ist frei.
Nach der Pause sprach [[Mirjana Petrovic]] über die Lage in den Werken.
Die Klägerin, [[Edeltraut Pommerening]], verlangt Schadensersatz von der Stadtwerke AG.
Wir gratulieren [[Cemal Y\u0131ld\u0131r\u0131m]] und [[Anneke Terhorst]] zur bestandenen Prüfung.
Unterschrieben von [[Dr. Balthasar Immenroth]], Chefarzt
sag bitte [[jürgen]], dass die rechnung noch offen ist
Auf Vorschlag von [[Frauke Dührkop]] wurde [[Hinrich Claasen]] gewählt.
Die Enkelin von [[Leberecht Vogelsang]] lebt heute in Lyon.
[[Siegmar Pechstein]] und [[Pechsteins]] Sohn führen den Betrieb gemeinsam.
Der Gutachter [[Wenzel Haberkorn]] kommt zu einem anderen Ergebnis als [[Rosalinde Kühnast]].
An der Sitzung nahm auch [[Aleksander Nowicki]] teil, als Vertreter des Betriebsrats.
Übergeben Sie den Schlüssel bitte an [[Ilsetraut Brandmüller]] im zweiten Stock.
Zuständig ist [[Malwine Prokop]], Telefon auf Anfrage.
Die Versicherte [[Annchristin Delbrück]] hat der Weitergabe widersprochen.
Als Zeugen benannte er [[Sönke Brodersen]], [[Yusuf Karadağ]] und [[Philippa Stein]].
Im Namen von [[Roderich Falkenau]] lege ich Widerspruch ein.
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
