"""Twenty German questions about the Datenschutz-Grundverordnung, each with the article that answers it."""

ASKED = (
    ("Wie lange hat der Verantwortliche Zeit, eine Datenpanne der Aufsichtsbehörde zu melden?", 33),
    ("Was ist das Recht auf Datenübertragbarkeit?", 20),
    ("Wann muss ein Datenschutzbeauftragter benannt werden?", 37),
    ("Was muss im Verzeichnis von Verarbeitungstätigkeiten stehen?", 30),
    ("Ab welchem Alter kann ein Kind selbst einwilligen?", 8),
    ("Welche Bedingungen gelten für die Einwilligung?", 7),
    ("Wie hoch können Geldbußen sein?", 83),
    ("Wann ist eine Datenschutz-Folgenabschätzung nötig?", 35),
    ("Welche Aufgaben hat der Datenschutzbeauftragte?", 39),
    ("Wer haftet für Schäden durch eine rechtswidrige Verarbeitung?", 82),
    ("Darf man gegen Werbung Widerspruch einlegen?", 21),
    ("Wie wird der Vorsitz des Ausschusses gewählt?", 73),
    ("Was muss der Vertrag mit einem Auftragsverarbeiter regeln?", 28),
    ("Welche Daten über Gesundheit oder Religion dürfen nicht verarbeitet werden?", 9),
    ("Wann müssen betroffene Personen von einer Verletzung benachrichtigt werden?", 34),
    ("Was gilt für Übermittlungen in Drittländer ohne Angemessenheitsbeschluss?", 46),
    ("Kann ich verlangen, dass meine Daten gelöscht werden?", 17),
    ("Wie sicher muss die Verarbeitung sein?", 32),
    ("Welche Auskunft kann eine betroffene Person verlangen?", 15),
    ("Wann trat die Verordnung in Kraft?", 99),
)
