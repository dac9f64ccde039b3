"""Take the government's identity out of GOV.UK Frontend's style sheet.

The Design System may be used away from GOV.UK, its typeface, crown, crest and licence logo may not. Works on the
compiled style sheet: rules for those parts go, the typeface's name is replaced, and what is left is searched to be
sure.
"""

from __future__ import annotations

import re

IDENTITY = re.compile(
    r"\.govuk-(?:footer__(?:crown|copyright-logo|licence-logo|licence-description)|header__logotype|logo-dot)"
)
FORBIDDEN = ("GDS Transport", "crest", "crown", "licence", "@font-face", "/assets/")


class IdentityLeftError(Exception):
    """Something of the identity is still there: the style sheet is not of the version this was written for."""


def blocks(css: str) -> list[tuple[str, str | None]]:
    """The top-level parts of a style sheet: (selector or at-rule, body), or (statement, None) without a body."""
    found: list[tuple[str, str | None]] = []
    start = depth = opened = 0
    for place, character in enumerate(css):
        if character == "{":
            if depth == 0:
                opened = place
            depth += 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                found.append((css[start:opened].strip(), css[opened + 1 : place]))
                start = place + 1
        elif character == ";" and depth == 0:
            found.append((css[start : place + 1].strip(), None))
            start = place + 1
    return found


def without_identity(css: str) -> str:
    """The style sheet without typeface, crown, crest and licence logo; IdentityLeftError when some of it stays."""
    bare = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL).replace("GDS Transport,arial", "arial")
    result = _kept(bare)
    left = [word for word in FORBIDDEN if word in result]
    if left:
        raise IdentityLeftError(f"the style sheet still holds {', '.join(left)}")
    return result


def _kept(css: str) -> str:
    kept = []
    for head, body in blocks(css):
        if body is None:
            kept.append(head)
        elif head.startswith(("@media", "@supports", "@layer")):
            inner = _kept(body)
            if inner:
                kept.append(f"{head}{{{inner}}}")
        elif head != "@font-face":
            selectors = [each for each in _selectors(head) if not IDENTITY.search(each)]
            if selectors:
                kept.append(f"{','.join(selectors)}{{{body}}}")
    return "".join(kept)


def _selectors(head: str) -> list[str]:
    """Split a list of selectors at its commas, not at those inside brackets such as `:is(a,b)`."""
    return re.split(r",(?![^(]*\))", head)
