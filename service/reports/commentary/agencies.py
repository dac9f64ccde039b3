"""Agencies as they are spoken of within a sentence, and how a question is put to them."""

from typing import Final

from service.web import words

_WITHIN: Final = {
    "police": "the police",
    "childrens_social_care": "children's social care",
    "front_door": "the front door",
    "no_agency": "nobody",
    "domestic_abuse_service": "the domestic abuse service",
}


def within(agency: str) -> str:
    """An agency within a sentence."""
    known = _WITHIN.get(agency)
    if known:
        return known
    text = words.sentence(agency)
    return text[0].lower() + text[1:]


def question(agency: str, asked: str) -> str:
    """A question put to an agency; what nobody holds is asked of the partnership."""
    whom = "the partnership" if agency == "no_agency" else within(agency)
    return f"Question for {whom}: {asked}"
