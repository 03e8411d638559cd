"""Texts and lies as in `lies`, written after the rules were mended for those; the rules were not touched for these."""

from evaluations.answers.lies import Case

HELD_OUT = (
    Case(
        "Members of the rowing club pay 180 euros a year, students half of that. The boathouse closes at 21.00. "
        "Helena Marsh keeps the keys. Guests may not row without a member. The old pier was rebuilt in 1987.",
        "What do members of the rowing club pay a year, and who keeps the keys of the boathouse?",
        (
            "Members of the rowing club pay 180 euros each year.",
            "The keys are kept by Helena Marsh.",
            "At 21.00 the boathouse closes.",
        ),
        (
            "Members of the rowing club pay 280 euros a year.",
            "The old pier was rebuilt in 1978.",
        ),
        (
            "Helena Walsh keeps the keys.",
            "Members of the sailing club pay 180 euros a year.",
        ),
        (
            "Guests may row without a member.",
            "The boathouse never closes at 21.00.",
        ),
        (
            "New members take a swimming test in the first week.",
            "The club owns eleven boats and a trailer.",
        ),
        ("Members may not row without a guest.",),
    ),
    Case(
        "The vaccine is stored at 2 to 8 degrees. An opened vial is used within six hours. Dr. Ruiz orders new "
        "doses every Tuesday. Doses that were frozen must not be given. Side effects are reported to the ministry"
        " within 15 days.",
        "How is the vaccine stored, and within how many hours is an opened vial used?",
        (
            "The vaccine must be stored at 2 to 8 degrees.",
            "Once opened, a vial is used within 6 hours.",
            "Dr. Ruiz orders new doses on Tuesdays.",
        ),
        (
            "An opened vial is used within sixteen hours.",
            "Side effects are reported to the ministry within 50 days.",
        ),
        (
            "Dr. Reyes orders new doses every Tuesday.",
            "Dr. Ruiz orders new doses every Thursday.",
        ),
        (
            "Doses that were frozen must be given.",
            "Side effects are not reported to the ministry.",
        ),
        (
            "Children under two years get half a dose.",
            "The vaccine is kept for at most ninety days.",
        ),
        ("Doses that were opened must not be frozen within six hours.",),
    ),
    Case(
        "Der Verein zahlt Übungsleitern 25 Euro je Stunde. Die Halle wird von Herrn Lindner aufgeschlossen. "
        "Kinder unter zehn Jahren trainieren nicht allein. Beiträge werden im Januar eingezogen. Die Satzung "
        "stammt aus dem Jahr 1994.",
        "Was zahlt der Verein Übungsleitern je Stunde, und wer schließt die Halle auf?",
        (
            "Übungsleitern zahlt der Verein 25 Euro je Stunde.",
            "Herr Lindner schließt die Halle auf, sie wird von ihm aufgeschlossen.",
            "Im Januar werden die Beiträge eingezogen.",
        ),
        (
            "Der Verein zahlt Übungsleitern 35 Euro je Stunde.",
            "Die Satzung stammt aus dem Jahr 1949.",
        ),
        (
            "Die Halle wird von Herrn Lehmann aufgeschlossen.",
            "Die Halle wird von Frau Lindemann aufgeschlossen.",
        ),
        (
            "Kinder unter zehn Jahren trainieren allein.",
            "Beiträge werden im Januar nicht eingezogen.",
        ),
        (
            "Neue Mitglieder zahlen eine Gebühr für die Aufnahme.",
            "Der Vorstand wird alle zwei Jahre gewählt.",
        ),
        ("Übungsleiter zahlen dem Verein 25 Euro je Stunde.",),
    ),
    Case(
        "Das Archiv verleiht keine Urkunden. Kopien kosten 50 Cent je Seite. Der Lesesaal hat zwölf Plätze und "
        "ist mittwochs geschlossen. Anfragen beantwortet Sabine Krüger innerhalb von zehn Tagen. Blitzlicht ist "
        "untersagt.",
        "Was kosten Kopien im Archiv, und wie viele Plätze hat der Lesesaal?",
        (
            "Je Seite kosten Kopien 50 Cent.",
            "Der Lesesaal hat 12 Plätze.",
            "Innerhalb von zehn Tagen beantwortet Sabine Krüger Anfragen.",
        ),
        (
            "Kopien kosten 15 Cent je Seite.",
            "Der Lesesaal hat zwanzig Plätze und ist mittwochs geschlossen.",
        ),
        (
            "Anfragen beantwortet Sabine Kramer innerhalb von zehn Tagen.",
            "Der Lesesaal hat zwölf Plätze und ist freitags geschlossen.",
        ),
        (
            "Das Archiv verleiht Urkunden.",
            "Blitzlicht ist nicht untersagt.",
        ),
        (
            "Taschen werden am Eingang in Fächer gelegt.",
            "Das Archiv sammelt auch Karten und Pläne.",
        ),
        ("Das Archiv ist mittwochs geschlossen und verleiht zwölf Plätze.",),
    ),
)
