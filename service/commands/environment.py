"""Single settings that a command reads for itself; the api and the workers use `service.settings`."""

from __future__ import annotations

import os
from pathlib import Path

from service.console import Misuse


def required(name: str) -> str:
    """The variable NAME or the content of the file NAME_FILE; Misuse when neither is there."""
    path = os.environ.get(f"{name}_FILE")
    if not path:
        value = os.environ.get(name, "").strip()
    else:
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise Misuse(f"{name}_FILE: {path}: {error.strerror}") from error
    if not value:
        raise Misuse(f"{name} is not set (nor {name}_FILE)")
    return value
