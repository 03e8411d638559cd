"""What a model says of short texts, by kind: three true sentences in other words than the text's, and planted lies.

Written by hand for this measurement, before the rules were run on them; the kinds are those of G-25. `swapped` says the
words of the text in an order that means something else: the residue that grounding accepts.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Case:
    text: str
    question: str
    true: tuple[str, ...]
    number: tuple[str, ...]
    name: tuple[str, ...]
    negation: tuple[str, ...]
    invented: tuple[str, ...]
    swapped: tuple[str, ...]


CASES = (
    Case(
        "The lease of the Hartwell building runs until 30 June 2029. The tenant, Northgate Archives, pays a rent "
        "of 4,200 euros a month. The landlord repairs the roof and the heating. Pets are not allowed in the "
        "reading rooms.",
        "How long does the lease of the Hartwell building run, and who repairs what?",
        (
            "The lease of the Hartwell building ends on 30 June 2029.",
            "Northgate Archives pays 4,200 euros of rent each month.",
            "Repairing the roof and the heating is up to the landlord.",
        ),
        (
            "The lease of the Hartwell building runs until 30 June 2039.",
            "Northgate Archives pays a rent of 2,400 euros a month.",
        ),
        (
            "The lease of the Hartford building runs until 30 June 2029.",
            "The tenant, Southgate Archives, pays a rent of 4,200 euros a month.",
        ),
        (
            "The landlord does not repair the roof and the heating.",
            "Pets are allowed in the reading rooms.",
        ),
        (
            "The tenant may end the lease early with three months of notice.",
            "The landlord insures the building against fire and flood.",
        ),
        ("The tenant repairs the roof and the heating of the landlord.",),
    ),
    Case(
        "Dr. Amelie Brandt leads the clinic's night service. The emergency room is open day and night. Patients "
        "with chest pain are seen within ten minutes. Visitors wait in hall B and may not enter the treatment "
        "rooms.",
        "How fast are patients with chest pain seen in the emergency room?",
        (
            "Whoever comes with chest pain is seen within 10 minutes.",
            "The night service of the clinic is led by Dr. Amelie Brandt.",
            "Visitors must wait in hall B.",
        ),
        (
            "Patients with chest pain are seen within thirty minutes.",
            "Patients with chest pain are seen within 20 minutes.",
        ),
        (
            "Dr. Amelie Braun leads the clinic's night service.",
            "Visitors wait in hall D and may not enter the treatment rooms.",
        ),
        (
            "Visitors may enter the treatment rooms.",
            "The emergency room is not open at night.",
        ),
        (
            "Patients with a broken bone are sent to the surgical ward first.",
            "The emergency room treats children on the second floor.",
        ),
        ("Patients wait in hall B and visitors with chest pain are seen within ten minutes.",),
    ),
    Case(
        "Invoices are kept for ten years, letters of business for six. Applications of people who were not hired "
        "are deleted after six months. Mrs Okafor answers questions about retention. Backups are overwritten "
        "after 30 days.",
        "How long are invoices and applications kept?",
        (
            "Invoices must be kept for 10 years.",
            "After six months, applications of people who weren't hired get deleted.",
            "Questions about retention go to Mrs Okafor.",
        ),
        (
            "Invoices are kept for six months.",
            "Backups are overwritten after 90 days.",
        ),
        (
            "Mrs Adeyemi answers questions about retention.",
            "Mr Miller answers questions about retention.",
        ),
        (
            "Invoices are not kept for ten years.",
            "Applications of people who were hired are deleted after six months.",
        ),
        (
            "Contracts of employment are kept until the person retires.",
            "Deletion is checked twice a year by the data protection officer.",
        ),
        ("Letters of business are kept for ten years, invoices for six.",),
    ),
    Case(
        "The library lends up to five books for four weeks. Loans can be renewed twice unless somebody has "
        "reserved the book. Late books cost 20 cents a day. The collection of maps from Lisbon is never lent.",
        "How many books does the library lend, and can loans be renewed?",
        (
            "You can borrow up to five books for four weeks from the library.",
            "Renewing loans is possible twice, unless the book is reserved.",
            "For late books the library charges 20 cents a day.",
        ),
        (
            "The library lends up to fifteen books for four weeks.",
            "Late books cost 50 cents a day.",
        ),
        (
            "The collection of maps from London is never lent.",
            "The collection of prints from Porto is never lent.",
        ),
        (
            "Loans cannot be renewed.",
            "The collection of maps from Lisbon is lent.",
        ),
        (
            "Students get a library card free of charge.",
            "Books can be returned at the gate on Sundays.",
        ),
        ("Loans can be renewed twice when somebody has reserved the book.",),
    ),
    Case(
        "Version 3.2 of the Kestrel server needs Linux 5.13 or newer and 2 GB of memory. Windows is not "
        "supported. Updates are signed by Tern Software. The port can be set with KESTREL_PORT, 8443 by default.",
        "What does the Kestrel server need to run?",
        (
            "The Kestrel server 3.2 needs 2 GB of memory and Linux 5.13 or newer.",
            "Tern Software signs the updates.",
            "By default the port is 8443, and KESTREL_PORT sets it.",
        ),
        (
            "Version 3.2 of the Kestrel server needs Linux 5.13 or newer and 16 GB of memory.",
            "The port can be set with KESTREL_PORT, 8080 by default.",
        ),
        (
            "Updates are signed by Stork Software.",
            "Version 3.2 of the Falcon server needs Linux 5.13 or newer.",
        ),
        (
            "Windows is supported.",
            "Updates are not signed by Tern Software.",
        ),
        (
            "The Kestrel server stores its data in a PostgreSQL database.",
            "A licence for the server costs extra.",
        ),
        ("Tern Software needs 2 GB of memory and is signed by Linux.",),
    ),
    Case(
        "Employees may work from home on two days a week. Requests go to the head of the department, Jonas "
        "Weidner. Travel to the office is not paid. Whoever works abroad for longer than 30 days needs the "
        "consent of the board.",
        "How many days may employees work from home?",
        (
            "On two days a week employees are allowed to work from home.",
            "Jonas Weidner, the head of the department, gets the requests.",
            "Working abroad for longer than 30 days needs the board's consent.",
        ),
        (
            "Employees may work from home on four days a week.",
            "Whoever works abroad for longer than 60 days needs the consent of the board.",
        ),
        (
            "Requests go to the head of the department, Jonas Weber.",
            "Requests go to the head of the department, Martin Weidner.",
        ),
        (
            "Travel to the office is paid.",
            "Employees may not work from home on two days a week.",
        ),
        (
            "Employees get a chair and a screen for their home.",
            "The department answers requests within a week.",
        ),
        ("The board works from home and needs the consent of employees on two days a week.",),
    ),
    Case(
        "Der Mietvertrag für das Haus Lindenhof endet am 31. März 2028. Die Miete beträgt 1.850 Euro im Monat. "
        "Der Vermieter trägt die Kosten der Heizung. Haustiere sind nicht erlaubt. Ansprechpartnerin ist Frau "
        "Petersen.",
        "Wann endet der Mietvertrag für das Haus Lindenhof, und wie hoch ist die Miete?",
        (
            "Am 31. März 2028 endet der Mietvertrag für das Haus Lindenhof.",
            "Im Monat beträgt die Miete 1.850 Euro.",
            "Die Kosten der Heizung trägt der Vermieter.",
        ),
        (
            "Der Mietvertrag für das Haus Lindenhof endet am 31. März 2038.",
            "Die Miete beträgt 1.580 Euro im Monat.",
        ),
        (
            "Ansprechpartnerin ist Frau Hansen.",
            "Der Mietvertrag für das Haus Buchenhof endet am 31. März 2028.",
        ),
        (
            "Haustiere sind erlaubt.",
            "Der Vermieter trägt die Kosten der Heizung nicht.",
        ),
        (
            "Der Mieter darf den Garten im Sommer nutzen.",
            "Die Kaution wird in drei Raten gezahlt.",
        ),
        ("Die Haustiere tragen die Kosten der Heizung, der Vermieter ist nicht erlaubt.",),
    ),
    Case(
        "Personenbezogene Daten werden nach zwei Jahren gelöscht. Rechnungen bleiben zehn Jahre erhalten. "
        "Auskunft gibt der Datenschutzbeauftragte, Herr Yilmaz, innerhalb eines Monats. Daten werden nicht in "
        "Länder außerhalb der Europäischen Union übermittelt.",
        "Wann werden personenbezogene Daten gelöscht?",
        (
            "Nach zwei Jahren werden personenbezogene Daten gelöscht.",
            "Rechnungen bleiben 10 Jahre lang erhalten.",
            "Herr Yilmaz, der Datenschutzbeauftragte, gibt innerhalb eines Monats Auskunft.",
        ),
        (
            "Personenbezogene Daten werden nach fünf Jahren gelöscht.",
            "Rechnungen bleiben 12 Jahre erhalten.",
        ),
        (
            "Auskunft gibt der Datenschutzbeauftragte, Herr Schuster, innerhalb eines Monats.",
            "Auskunft gibt die Datenschutzbeauftragte, Frau Kaya, innerhalb eines Monats.",
        ),
        (
            "Personenbezogene Daten werden nicht gelöscht.",
            "Daten werden in Länder außerhalb der Europäischen Union übermittelt.",
        ),
        (
            "Betroffene können sich bei der Aufsichtsbehörde beschweren.",
            "Die Daten liegen in einem Rechenzentrum in Frankfurt.",
        ),
        ("Rechnungen werden nach zwei Jahren gelöscht, personenbezogene Daten bleiben zehn Jahre erhalten.",),
    ),
    Case(
        "Die Werkstatt ist montags bis freitags von 7 bis 16 Uhr geöffnet. Gabelstapler fährt nur, wer einen "
        "Schein hat. Die Schlüssel verwaltet Karin Vogt. Rauchen ist in der Halle verboten. Jede Maschine wird "
        "alle sechs Monate geprüft.",
        "Wann ist die Werkstatt geöffnet, und wie oft wird jede Maschine geprüft?",
        (
            "Geöffnet ist die Werkstatt montags bis freitags von 7 bis 16 Uhr.",
            "Alle sechs Monate wird jede Maschine geprüft.",
            "Karin Vogt verwaltet die Schlüssel.",
        ),
        (
            "Die Werkstatt ist montags bis freitags von 7 bis 18 Uhr geöffnet.",
            "Jede Maschine wird alle neun Monate geprüft.",
        ),
        (
            "Die Schlüssel verwaltet Karin Maurer.",
            "Die Schlüssel verwaltet Peter Vogt.",
        ),
        (
            "Rauchen ist in der Halle erlaubt.",
            "Die Werkstatt ist montags bis freitags nicht geöffnet.",
        ),
        (
            "Besucher tragen in der Werkstatt eine gelbe Weste.",
            "Schäden an Maschinen meldet man der Versicherung.",
        ),
        ("Gabelstapler verwaltet Karin Vogt, die Schlüssel fährt nur, wer einen Schein hat.",),
    ),
    Case(
        "The museum in Aldersea opens at 9.30 and closes at 17.00, on Thursdays at 20.00. Entry is free for "
        "children under twelve. Photographs are allowed without flash. The Roman mosaic was found in 1911 by "
        "Edith Farrow.",
        "When does the museum in Aldersea open, and who found the Roman mosaic?",
        (
            "The museum in Aldersea is open from 9.30 to 17.00.",
            "Edith Farrow found the Roman mosaic in 1911.",
            "Children under 12 get in free.",
        ),
        (
            "The Roman mosaic was found in 1921 by Edith Farrow.",
            "Entry is free for children under sixteen.",
        ),
        (
            "The Roman mosaic was found in 1911 by Edith Harrow.",
            "The Greek mosaic was found in 1911 by Edith Farrow.",
        ),
        (
            "Photographs are not allowed.",
            "Entry is not free for children under twelve.",
        ),
        (
            "A guided tour starts every hour at the main stairs.",
            "The mosaic shows a ship and two dolphins.",
        ),
        ("The museum was found in 1911 by children under twelve.",),
    ),
)
