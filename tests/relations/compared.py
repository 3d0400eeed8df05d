def part(comparison, id):
    """The part of the table of that name."""
    return next(part for part in comparison.parts if part.id == id)
