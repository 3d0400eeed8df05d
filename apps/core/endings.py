"""Endings of words, so that a name in the midst of a sentence (Назарбаевтың, Казахстану) finds the name.

No grammar: an ending is taken off wherever it may be one, and what is left is looked for beside the word itself.
"""

# What is left has at least so many letters.
SHORTEST = 3
_RUSSIAN = (
    "а я о е и ы у ю ь й ой ей ий ый ая яя ое ее ые ие ия ии ию ого его ому ему ым им ом ем ую юю ою ею ых их ах ях "
    "ам ям ами ями ыми ими ией иям иях иями"
)
_KAZAKH = (
    "ның нің дың дің тың тің ға ге қа ке на не а е ны ні ды ді ты ті н да де та те нда нде дан ден тан тен нан нен "
    "ндан нден мен бен пен ы і сы сі лар лер дар дер тар тер дағы дегі тағы тегі ндағы ндегі"
)
RUSSIAN, KAZAKH = _RUSSIAN.split(), _KAZAKH.split()
# Which an abbreviation has behind a hyphen: ШЫҰ-ның.
BEHIND_HYPHEN = {ending for ending in KAZAKH if len(ending) > 1}


def without(word, endings):
    """`word` without each of the endings that it has, the longest first."""
    found = [ending for ending in endings if word.endswith(ending) and len(word) - len(ending) >= SHORTEST]
    return [word.removesuffix(ending) for ending in sorted(found, key=len, reverse=True)]


def singular(word):
    """[the word without the s of an English plural], or nothing."""
    is_plural = len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return [word[:-1]] if is_plural else []
