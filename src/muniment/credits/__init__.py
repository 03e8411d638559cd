"""What a team may use and uses: words stored (storage credits) and questions answered in a month (query credits).

* Every number is exact, whoever counts at the same moment in however many processes, and holds no personal data: ids of
  silos and documents, and counts.
* Words are put down from the silo itself, under its lock, so they can always be derived anew (`ingest.space`). Answers
  cannot: conversations are deleted. Their count here is the record.
* Room is taken before it is used and given back when it was not: at a limit, many at once get exactly what is left.
* Nothing that somebody did is lost at a limit: a document waits, and a question stays with who typed it.
"""
