"""Say in one line how to get Chromium when it is missing; what `make test` asks first. BROWSER=none goes without."""

from __future__ import annotations

import os
import shutil
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome")


def main() -> int:
    if os.environ.get("BROWSER") == "none" or any(shutil.which(name) for name in NAMES):
        return 0
    print(
        "make test: Chromium is missing: apt-get install chromium (or BROWSER=none leaves its tests out)",
        file=sys.stderr,
    )
    return 1


if __name__ == "__main__":
    sys.exit(main())
