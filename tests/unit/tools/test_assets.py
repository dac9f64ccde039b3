"""Names of assets follow their content, and that of everything they refer to."""

from __future__ import annotations

import pytest

from tools.assets import AssetError, Build


def built(sources: dict[str, str]) -> Build:
    work = Build({name: text.encode() for name, text in sources.items()})
    for name in sources:
        work.name(name)
    return work


def test_a_changed_icon_renames_the_style_sheet_that_shows_it() -> None:
    before = built({"app.css": 'a{background:url("icon.svg")}', "icon.svg": "<svg/>"})
    after = built({"app.css": 'a{background:url("icon.svg")}', "icon.svg": "<svg />"})
    assert before.manifest["app.css"] != after.manifest["app.css"]
    assert before.manifest["icon.svg"].encode() in before.files[before.manifest["app.css"]]


def test_scripts_import_the_served_names() -> None:
    work = built({"app.js": 'import { a } from "./lib/a.js"; import "./b.js"', "lib/a.js": "export{}", "b.js": ""})
    script = work.files[work.manifest["app.js"]].decode()
    assert f'from "./{work.manifest["lib/a.js"]}"' in script
    assert f'import "./{work.manifest["b.js"]}"' in script


def test_a_script_in_a_folder_finds_its_neighbour_above() -> None:
    work = built({"lib/a.js": 'import "../b.js"', "b.js": ""})
    assert f'"../{work.manifest["b.js"]}"' in work.files[work.manifest["lib/a.js"]].decode()


def test_addresses_elsewhere_are_left_alone() -> None:
    text = 'a{background:url("/elsewhere/icon.svg")}b{background:url(data:image/png;base64,AA)}'
    work = built({"app.css": text})
    assert work.files[work.manifest["app.css"]].decode() == text


def test_scripts_that_import_each_other_are_refused() -> None:
    with pytest.raises(AssetError, match=r"a\.js -> b\.js -> a\.js"):
        built({"a.js": 'import "./b.js"', "b.js": 'import "./a.js"'})
