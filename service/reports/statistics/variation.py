"""What a chart says in words: variation (is it changing?) and assurance (does the process meet its limit?)."""

from typing import Final, Literal

from service.reports.statistics.xmr import Chart, Direction, Limits, Rule

Variation = Literal["improving", "worsening", "up", "down", "steady", "not_known"]
Assurance = Literal["meets", "fails", "hit_and_miss", "not_known"]

_RULES: Final[dict[Rule, str]] = {
    "outside": "a value outside the limits",
    "shift": "a run of values on one side of the centre",
    "trend": "a run of values in one direction",
    "two_of_three": "two of three values close to a limit",
}
_VARIATION: Final[dict[Variation, str]] = {
    "improving": "Lately it is better, by more than its usual variation",
    "worsening": "Lately it is worse, by more than its usual variation",
    "up": "Lately it is higher, by more than its usual variation",
    "down": "Lately it is lower, by more than its usual variation",
    "steady": "No signal: it varies as it usually does",
    "not_known": "Not known: too few values for limits",
}
_ASSURANCE: Final[dict[Assurance, str]] = {
    "meets": "as it is, everybody will be within the limit in every {}",
    "fails": "as it is, somebody will be past the limit in every {}, unless it is changed",
    "hit_and_miss": "as it is, everybody will be within the limit in one {}, and somebody past it in another",
    "not_known": "there are too few values to say whether it meets the limit",
}


def variation(found: Chart, better: Direction | None) -> tuple[Variation, tuple[Rule, ...]]:
    """How the latest counted value stands, and by which rules.

    Args:
        found: the chart.
        better: which way is improvement; None where neither is.
    """
    counted = [n for n, point in enumerate(found.points) if point.value is not None and point.left_out is None]
    if found.limits is None or not counted:
        return "not_known", ()
    latest = [signal for signal in found.signals if signal.last == counted[-1]]
    if not latest:
        return "steady", ()
    # Two rules can point two ways (an upward trend that ends below the limits); where the value lies says which holds.
    order: Final[tuple[Rule, ...]] = ("outside", "two_of_three", "shift", "trend")
    first = min(latest, key=lambda signal: order.index(signal.rule))
    rules = tuple(dict.fromkeys(signal.rule for signal in latest if signal.direction == first.direction))
    if better is None:
        return first.direction, rules
    return ("improving" if first.direction == better else "worsening"), rules


def assurance(drawn: Limits | None, target: float, better: Direction) -> Assurance:
    """Whether a process within these limits meets a target."""
    if drawn is None or drawn.trial:
        return "not_known"
    worst, best = (drawn.low, drawn.high) if better == "up" else (-drawn.high, -drawn.low)
    wanted = target if better == "up" else -target
    return "meets" if worst >= wanted else "fails" if best < wanted else "hit_and_miss"


def variation_words(said: Variation, rules: tuple[Rule, ...] = (), *, trial: bool = False) -> str:
    """A sentence about the variation."""
    text = _VARIATION[said]
    if rules:
        text += f" ({' and '.join(_RULES[rule] for rule in rules)})"
    return text + (". The limits are trial limits, from fewer than 12 values." if trial else ".")


def assurance_words(said: Assurance, period: str = "week") -> str:
    """A sentence about assurance; ``period`` is what each value is of."""
    text = _ASSURANCE[said].format(period if not period.startswith("four") else "period of four weeks")
    return text[0].upper() + text[1:] + "."
