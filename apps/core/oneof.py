"""What stands for several foreign keys of which one is set."""


class OneOf:
    """Whichever of several foreign keys is set, of which a constraint allows one at most; None where none is."""

    def __init__(self, *names):
        self.names = names

    def __get__(self, row, model=None):
        if row is None:
            return self
        return next((found for name in self.names if (found := getattr(row, name))), None)
