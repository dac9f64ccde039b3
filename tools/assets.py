"""Build what browsers load: `service/web/static/build/` with a manifest, from npm's packages and our own sources.

Every file of `service/web/assets/` and GOV.UK Frontend's style sheet and script get their content's digest in the
name, so that they can be served as immutable. `manifest.json` maps the name in the source to the name that is served.
References between style sheets and scripts of the same folder (`url("icon.svg")`, `from "./other.js"`) are rewritten.
The fonts of printed documents come from npm too and are put where those are made.
Standard library only, `python -m tools.assets`: it runs before, and in the container image without, the Python
packages.
"""

from __future__ import annotations

import hashlib
import json
import posixpath
import re
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from tools.stylesheet import IdentityLeftError, without_identity

ROOT = Path(__file__).resolve().parent.parent
FRONTEND = ROOT / "node_modules" / "govuk-frontend" / "dist" / "govuk"
SOURCES = ROOT / "service" / "web" / "assets"
OUTPUT = ROOT / "service" / "web" / "static" / "build"
FONTS = ROOT / "node_modules" / "dejavu-fonts-ttf"
FONT_FILES = ("LICENSE", "ttf/DejaVuSansCondensed.ttf", "ttf/DejaVuSansCondensed-Bold.ttf")
PRINTED = ROOT / "service" / "documents" / "fonts"
REFERENCE = re.compile(r"""(?P<before>url\(\s*["']?|from\s*["']|import\s*\(?["'])(?P<name>(?:\./)?[\w./-]+)(?=["')])""")
TEXTS = {".css", ".js", ".mjs"}


class AssetError(Exception):
    """The assets cannot be built; one line."""


def collect() -> dict[str, bytes]:
    """Every source by the name it goes by."""
    if not FRONTEND.is_dir():
        raise AssetError("govuk-frontend is not installed; run `make setup`")
    script = re.sub(r"//# sourceMappingURL=.*", "", (FRONTEND / "govuk-frontend.min.js").read_text("utf-8"))
    style = without_identity((FRONTEND / "govuk-frontend.min.css").read_text("utf-8"))
    found = {"govuk-frontend.css": style.encode(), "govuk-frontend.js": script.encode()}
    for path in sorted(SOURCES.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            found[path.relative_to(SOURCES).as_posix()] = path.read_bytes()
    return found


class Build:
    """Names files by their content, those they refer to first."""

    def __init__(self, sources: Mapping[str, bytes]) -> None:
        self.sources = sources
        self.files: dict[str, bytes] = {}
        self.manifest: dict[str, str] = {}
        self._open: list[str] = []

    def name(self, source: str) -> str:
        """The served name of a source; AssetError for files that refer to each other in a circle."""
        if source in self.manifest:
            return self.manifest[source]
        if source in self._open:
            raise AssetError(f"{' -> '.join([*self._open, source])}: assets refer to each other in a circle")
        self._open.append(source)
        content = self.sources[source]
        path = Path(source)
        if path.suffix in TEXTS:
            content = REFERENCE.sub(lambda match: self._rewritten(path, match), content.decode("utf-8")).encode()
        self._open.pop()
        digest = hashlib.sha256(content).hexdigest()[:12]
        served = path.with_name(f"{path.stem}-{digest}{path.suffix}").as_posix()
        self.manifest[source] = served
        self.files[served] = content
        return served

    def _rewritten(self, user: Path, match: re.Match[str]) -> str:
        target = posixpath.normpath((user.parent / match["name"]).as_posix())
        if target not in self.sources:
            return match[0]
        # Relative references stay relative, so that the folder can be served under any path.
        up = "../" * (len(user.parts) - 1)
        return f"{match['before']}{up or './'}{self.name(target)}"


def build() -> dict[str, str]:
    """Write the output folder anew and return the manifest."""
    work = Build(collect())
    for source in work.sources:
        work.name(source)
    fresh = OUTPUT.with_name("build.new")
    shutil.rmtree(fresh, ignore_errors=True)
    for served, content in work.files.items():
        path = fresh / served
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    (fresh / "manifest.json").write_text(json.dumps(work.manifest, indent=1, sort_keys=True) + "\n")
    shutil.rmtree(OUTPUT, ignore_errors=True)
    fresh.rename(OUTPUT)
    return work.manifest


def fonts() -> None:
    """Put the fonts of printed documents, and their licence, where documents are made."""
    if not FONTS.is_dir():
        raise AssetError("dejavu-fonts-ttf is not installed; run `make setup`")
    PRINTED.mkdir(parents=True, exist_ok=True)
    for name in FONT_FILES:
        source = FONTS / name
        shutil.copyfile(source, PRINTED / (source.name if source.suffix else f"{source.name}.txt"))


def main() -> int:
    try:
        manifest = build()
        fonts()
    except (AssetError, IdentityLeftError) as error:
        print(f"assets: {error}", file=sys.stderr)
        return 1
    print(f"{len(manifest)} assets built")
    return 0


if __name__ == "__main__":
    sys.exit(main())
