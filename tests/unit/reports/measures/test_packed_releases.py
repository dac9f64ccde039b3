"""What is kept of a release is what was told, to the last range and the last word."""

import zlib

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.reports.disclosure.applying import apply
from service.reports.measures.releases.rules import pack, unpack
from tests.unit.reports.disclosure.reports import Kid, report

KIDS = st.builds(
    Kid,
    incident=st.integers(1, 30),
    grade=st.integers(0, 2),
    district=st.integers(0, 2),
    minutes=st.integers(1, 90_000),
    cause=st.sampled_from(["contact_decided", "closed", None]),
    late=st.booleans(),
)


@settings(max_examples=12, deadline=None, derandomize=True)
@given(st.lists(KIDS, max_size=60), st.sampled_from([2, 5, 20]))
def test_a_report_is_read_as_it_was_told(kids: list[Kid], threshold: int) -> None:
    told = apply(report(kids), threshold=threshold)
    assert unpack(pack(told)) == told


@pytest.mark.parametrize(
    "data",
    [b"", b"no report", zlib.compress(b""), zlib.compress(msgspec.msgpack.encode({"figures": {}, "hidden": []}))],
)
def test_what_is_no_report_is_not_read_as_one(data: bytes) -> None:
    with pytest.raises(ValueError, match="no packed report"):
        unpack(data)


def test_a_place_that_is_not_there_is_not_filled() -> None:
    packed = msgspec.msgpack.decode(zlib.decompress(pack(report([]))))
    for way in (["nowhere"], ["stages", 99], ["period", "first", 0], ["stages", "open"]):
        packed["hidden"] = [[{"hidden": "1 to 5"}, [way]]]
        with pytest.raises(ValueError, match="no packed report"):
            unpack(zlib.compress(msgspec.msgpack.encode(packed)))
