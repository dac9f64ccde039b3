"""Incidents not yet shared: the liaison's home, and what is done from its rows."""

from typing import Any

from service.reports.backlog.pages import acting, incident, listing

handlers: list[Any] = [*listing.handlers, *incident.handlers, *acting.handlers]
