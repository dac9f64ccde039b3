"""The pages of the board: itself, one stage, and its packs."""

from typing import Any

from service.reports.board.pages import board, marks, packs, what_if

handlers: list[Any] = [*board.handlers, *marks.handlers, *packs.handlers, *what_if.handlers]
