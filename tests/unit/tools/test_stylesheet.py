"""The style sheet is served without the government's typeface, crown, crest and licence logo."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.stylesheet import FORBIDDEN, IdentityLeftError, blocks, without_identity

ROOT = Path(__file__).resolve().parents[3]


def test_identity_goes_and_everything_else_stays() -> None:
    css = (
        "@font-face{font-family:GDS Transport;src:url(/assets/fonts/a.woff2)}"
        ".govuk-body{font-family:GDS Transport,arial,sans-serif}"
        "@supports (mask:none){.govuk-footer__copyright-logo:before{mask-image:url(/assets/images/govuk-crest.svg)}}"
        "@media print{.govuk-logo-dot{fill:red}.govuk-tag{color:red}}"
        ".govuk-footer__crown,.govuk-footer__meta{margin:0}"
    )
    assert without_identity(css) == (
        ".govuk-body{font-family:arial,sans-serif}@media print{.govuk-tag{color:red}}.govuk-footer__meta{margin:0}"
    )


def test_identity_in_an_unknown_place_is_refused_rather_than_served() -> None:
    with pytest.raises(IdentityLeftError, match="crest"):
        without_identity(".new-thing{background:url(govuk-crest.svg)}")


def test_blocks_keep_their_order_and_nesting() -> None:
    assert blocks('@charset "utf-8";a{b:c}@media x{d{e:f}}') == [
        ('@charset "utf-8";', None),
        ("a", "b:c"),
        ("@media x", "d{e:f}"),
    ]


def test_what_is_built_is_clean_and_nearly_as_long_as_the_original() -> None:
    [built] = (ROOT / "service/web/static/build").glob("govuk-frontend-*.css")
    original = ROOT / "node_modules/govuk-frontend/dist/govuk/govuk-frontend.min.css"
    css = built.read_text("utf-8")
    assert not any(word in css for word in FORBIDDEN)
    assert len(css) > 0.95 * original.stat().st_size
