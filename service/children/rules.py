"""When two names are the same name: one form for case, accents, apostrophes, hyphens and spaces."""

import unicodedata
from functools import lru_cache
from typing import Final

#: Letters that Unicode does not take apart into a base letter and a mark.
_PLAIN: Final = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ŧ": "t"}
)


@lru_cache(maxsize=100_000)
def normalise_name(name: str) -> str:
    """The form in which names are compared.

    ``O'Brien``, ``o’brien`` and ``O BRIEN`` are one name, so are ``Siân`` and ``Sian``, ``Łuczak``
    and ``Luczak``, ``Lily-Mae`` and ``Lily Mae``. Letters of every script are kept; a name without
    any letter or digit is kept as it is, so that two such names are not taken for one.
    """
    folded = name.casefold()
    if folded.isascii() and folded.isalnum():
        return folded
    spread = unicodedata.normalize("NFKD", folded.translate(_PLAIN)).casefold()
    kept = "".join(
        c for c in spread if c.isalnum() or (unicodedata.category(c)[0] == "M" and not unicodedata.combining(c))
    )
    return kept or " ".join(folded.split())


def normal_name(family_name: str, given_names: str) -> str:
    """Family and given names as one key: the value of ``child.normal_name``."""
    return f"{normalise_name(family_name)}/{normalise_name(given_names)}"
