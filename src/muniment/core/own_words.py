class OwnWord(str):
    """A word that the program itself has, as of a route or a method. Nobody typed it: a log line says it as it is, and
    nothing is looked for in it (`pii.logs`).
    """

    __slots__ = ()
