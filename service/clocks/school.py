"""Whether a school is to be told: reception to 17, by school year; home-educated children through the LA officer."""

from datetime import date

from schema.spine import PathwayFacts


def why_no_school(facts: PathwayFacts, day: date) -> str | None:
    """Why nobody at a school is to be told of what the police learnt on a (local) day; None where somebody is."""
    born = facts.date_of_birth
    if facts.involvement == "unborn" or (born is None and facts.expected_date_of_birth is not None):
        return "not born yet"
    if born is not None:
        return _why_by_age(facts, born, day)
    if facts.school_status == "not_of_school_age":
        return "not of school age"
    return None


def school_is_unknown(facts: PathwayFacts) -> bool:
    """Whether nobody has said which school the child goes to."""
    return facts.school_status == "unknown"


def _why_by_age(facts: PathwayFacts, born: date, day: date) -> str | None:
    if born > day:
        return "not born yet"
    if _age(born, day) >= 18:
        return "over 17"
    if not _reception_reached(born, day):
        return "under school age"
    if facts.school_status == "not_in_education" and _age(born, day) >= 16:
        return "16 or over and not in education"
    return None


def _age(born: date, day: date) -> int:
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _reception_reached(born: date, day: date) -> bool:
    """Reception begins in the September after the fourth birthday (31 August counts as before)."""
    school_year = day.year if day.month >= 9 else day.year - 1
    return born <= date(school_year - 4, 8, 31)
