"""Which way they leave, as a picture: layers with names, an end and a table that say the same."""

from itertools import pairwise

from service.reports.board.rules.pictures import routes_picture
from service.reports.disclosure.lengths import OTHER_WAYS
from service.reports.measures.figures import BoardFigures, Routes, StageFigures
from service.web.charts.ways import RoutesPicture, layout
from tests.unit.reports.disclosure.reports import report
from tests.unit.reports.disclosure.test_applying import kids
from tests.unit.reports.measures.children import figures, told

ATTENDED = "police_attended 2026-11-02 10:00"
DAY = 1440


def decisions(found: BoardFigures) -> StageFigures:
    return next(each for each in found.stages if each.stage == "contact_decision" and each.by == "all")


def test_every_way_out_over_time_adds_with_those_who_are_still_there_to_everybody() -> None:
    outcomes = ("advice", "advice", "referral", "early_help", None, "referral")
    children = [
        told(
            ATTENDED,
            "notice_shared 2026-11-02 11:00",
            "notice_received 2026-11-02 11:00",
            *([f"contact_decided={outcome} 2026-11-0{3 + n % 3} 1{n}:00"] if outcome else []),
            child=f"C{n}",
            incident=str(n),
        )
        for n, outcome in enumerate(outcomes)
    ]
    stage = decisions(figures(children, "2026-11-12 10:00", "2026-11-01", "2026-11-30"))
    found = stage.routes
    assert found is not None
    assert found.minutes[-1] <= 2 * stage.horizon
    for place, waiting in enumerate(found.waiting):
        assert abs(sum(shares[place] for shares in found.ways.values()) + waiting - 1) < 0.001
    # One still waits: of the six who entered each way out has its own share, and none has his.
    assert {way: round(6 * shares[-1]) for way, shares in found.ways.items()} == {
        "advice": 2, "referral": 2, "early_help": 1,
    }  # fmt: skip
    # At the horizon they are the shares of the table.
    place = sum(minute <= stage.horizon for minute in found.minutes) - 1
    assert {each.cause: round(each.incidence.value or 0, 4) for each in stage.exits} == {
        way: shares[place] for way, shares in found.ways.items()
    }


def drawn() -> RoutesPicture:
    return layout(
        minutes=(60, DAY, 2 * DAY),
        ways=[("Referral", (0.1, 0.4, 0.6)), ("Advice", (0.0, 0.2, 0.3))],
        title="Which way children have left it",
    )


def test_the_picture_says_in_words_and_in_a_table_what_it_draws() -> None:
    picture = drawn()
    assert picture.desc == "After 2 days: Referral 60%, Advice 30%, Still in it 10%. The table below says the same."
    assert picture.names == ("Referral", "Advice", "Still in it")
    assert picture.rows[0] == ("1 hour", ("10%", "0%", "90%"))
    assert picture.rows[-1] == ("2 days", ("60%", "30%", "10%"))
    assert [layer.text for layer in picture.layers] == ["Referral 60%", "Advice 30%", "Still in it 10%"]
    assert len({layer.pattern for layer in picture.layers}) == 3


def test_names_of_thin_layers_do_not_lie_on_each_other() -> None:
    thin = [(f"Way {n}", (0.01, 0.01)) for n in range(4)]
    places = [layer.label_y for layer in layout(minutes=(5, 9), ways=thin, title="Thin").layers]
    assert all(low - high >= 17.9 for low, high in pairwise(places))
    full = [("Nearly all", (0.97, 0.97)), ("A few", (0.01, 0.02)), ("Others", (0.01, 0.01))]
    places = [layer.label_y for layer in layout(minutes=(5, 9), ways=full, title="Full").layers]
    assert all(low - high >= 17.9 for low, high in pairwise(places))
    assert min(places) > 0


def test_ways_beyond_the_patterns_stand_together() -> None:
    stage = report(kids(0, 90)).stages[0]
    shares = {f"way_{n}": (0.0, 0.02 * (n + 1)) for n in range(7)}
    many = Routes(minutes=(10, 20), ways={**shares, OTHER_WAYS: (0.0, 0.1)}, waiting=(1.0, 0.34))
    fields = {name: getattr(stage, name) for name in stage.__struct_fields__}
    picture = routes_picture(StageFigures(**{**fields, "routes": many}), "children")
    assert picture is not None
    assert [layer.text for layer in picture.layers] == [
        "Way 6 14%", "Way 5 12%", "Way 4 10%", "Way 3 8%", "Other ways 22%", "Still in it 34%",
    ]  # fmt: skip
    assert routes_picture(StageFigures(**{**fields, "routes": None}), "children") is None
