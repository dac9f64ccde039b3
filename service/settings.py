"""Settings: one frozen value, read from the environment and checked once, when a process starts.

A secret may be given by the path of a file instead (``DATABASE_URL_FILE``), so that it appears in
no process list. Every wrong setting is named at once.
"""

import os
import re
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Final, Literal
from urllib.parse import urlsplit

import msgspec

from schema.vocabulary import ROLES

_LOOPBACK: Final = frozenset({"127.0.0.1", "::1", "localhost"})
_COLOUR: Final = re.compile(r"#[0-9a-fA-F]{6}\Z")


class SettingsWrong(Exception):
    """The environment does not make sense; the message has one line for each wrong setting."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """What an installation decides. Durations are minutes or hours as named."""

    database_url: str
    redis_url: str | None = None
    origin: str = "http://127.0.0.1:8000"
    """Scheme, host and port that people type: decides on secure cookies and whose forms count."""
    service_name: str = "Unassessed risk tracker"
    organisation: str = "Children's safeguarding partnership"
    brand_colour: str = "#1d4f7c"
    phase: str = ""
    """A word such as "Demonstration" in the banner above every page; none when empty."""
    session_idle_minutes: int = 30
    session_hours: int = 12
    attempts_per_name: int = 10
    attempts_per_address: int = 100
    attempt_minutes: int = 15
    pool_size: int = 8
    body_limit: int = 2_000_000
    """Bytes of a request that is not a file."""
    upload_limit: int = 200_000_000
    """Bytes of a request that carries a file."""
    second_factor_roles: str = ""
    """Roles that sign in with a second factor, separated by commas; for everybody else it is a choice."""
    watcher_silent_minutes: int = 2
    smtp_host: str | None = None
    """Where mails are handed in; without it people are told in the inbox alone."""
    smtp_port: int = 587
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: str = ""
    mail_from: str = "no-reply@localhost"
    mail_gap_minutes: int = 5
    """The least time between two mails to one person; what comes in between shares the next one."""
    trusted_proxies: str = "127.0.0.1"
    """Addresses whose X-Forwarded-For counts, separated by commas."""

    @property
    def secure(self) -> bool:
        """Whether people reach the service by https."""
        return self.origin.startswith("https://")

    @property
    def cookie_name(self) -> str:
        """``__Host-`` where the browser allows it; a plain name on the loopback demonstration."""
        return "__Host-session" if self.secure else "session"

    @property
    def needs_second_factor(self) -> tuple[str, ...]:
        """Roles that sign in with a second factor."""
        return tuple(role.strip() for role in self.second_factor_roles.split(",") if role.strip())

    @property
    def session_idle(self) -> timedelta:
        """How long a session lives without a request."""
        return timedelta(minutes=self.session_idle_minutes)

    @property
    def session_absolute(self) -> timedelta:
        """How long a session lives whatever happens."""
        return timedelta(hours=self.session_hours)

    @property
    def attempt_window(self) -> timedelta:
        """How far back failed sign-ins count."""
        return timedelta(minutes=self.attempt_minutes)


def from_environment(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings.

    Raises:
        SettingsWrong: something is missing or cannot be read.
    """
    env = os.environ if environment is None else environment
    given: dict[str, str] = {}
    wrong: list[str] = []
    for field in msgspec.structs.fields(Settings):
        name = field.name.upper()
        if path := env.get(f"{name}_FILE"):
            try:
                given[field.name] = Path(path).read_text(encoding="utf-8").strip()
            except OSError as error:
                wrong.append(f"{name}_FILE: {error.strerror}")
        elif name in env:
            given[field.name] = env[name]
    if not given.get("database_url"):
        wrong.append("DATABASE_URL is missing: the address of PostgreSQL as the application's role")
    values: dict[str, object] = {}
    for field in msgspec.structs.fields(Settings):
        if field.name not in given:
            continue
        try:
            values[field.name] = msgspec.convert(given[field.name], field.type, strict=False)
        except msgspec.ValidationError as error:
            wrong.append(f"{field.name.upper()}: {error}")
    if not wrong:
        settings = Settings(**values)  # type: ignore[arg-type]  # each value was converted to its field's type
        wrong = _unreasonable(settings)
        if not wrong:
            return settings
    raise SettingsWrong("\n".join(wrong))


def _unreasonable(settings: Settings) -> list[str]:
    wrong = []
    origin = urlsplit(settings.origin)
    if origin.scheme not in {"http", "https"} or not origin.hostname or origin.path not in {"", "/"}:
        wrong.append(f"ORIGIN: expected https://host or http://host:port, got {settings.origin}")
    elif origin.scheme == "http" and origin.hostname not in _LOOPBACK:
        wrong.append("ORIGIN: plain http is only for this machine itself; people need https")
    if settings.smtp_host and settings.smtp_security == "none" and settings.smtp_host not in _LOOPBACK:
        wrong.append("SMTP_SECURITY: mails leave this machine only by starttls or tls")
    if not _COLOUR.match(settings.brand_colour):
        wrong.append(f"BRAND_COLOUR: expected six hexadecimal digits like #1d4f7c, got {settings.brand_colour}")
    if unknown := set(settings.needs_second_factor) - set(ROLES):
        wrong.append(f"SECOND_FACTOR_ROLES: no such role: {', '.join(sorted(unknown))}")
    wrong += [
        f"{name.upper()}: expected a number above zero"
        for name, value in msgspec.structs.asdict(settings).items()
        if isinstance(value, int) and value <= 0
    ]
    return wrong
