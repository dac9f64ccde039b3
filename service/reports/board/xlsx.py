"""Sheets as an Excel workbook, each table marked as a table, so that readers of the screen find its header."""

from collections.abc import Sequence
from datetime import date, datetime
from io import BytesIO

import xlsxwriter

from service.reports.board.rules.sheets import Sheet, lines

#: The number of the paper's size in the format.
_A4 = 9
#: How tall a line of the sheets is, in points.
_LINE = 15.75


def write(sheets: Sequence[Sheet], *, title: str, author: str, made_at: datetime) -> bytes:
    """A workbook that opens on its first sheet, cell A1."""
    held = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(held, options) as book:
        book.set_properties({"title": title, "author": author, "created": made_at.replace(tzinfo=None)})
        plain = book.add_format({"font_name": "Arial", "font_size": 12, "text_wrap": True, "valign": "top"})
        head = book.add_format({"font_name": "Arial", "font_size": 16, "bold": True})
        bold = book.add_format({"font_name": "Arial", "font_size": 12, "bold": True, "text_wrap": True})
        days = book.add_format({"font_name": "Arial", "font_size": 12, "num_format": "yyyy-mm-dd", "align": "left"})
        for number, each in enumerate(sheets):
            page = book.add_worksheet(each.name)
            page.write_string(0, 0, each.title, head)
            for place, line in enumerate(each.above, start=1):
                page.write_string(place, 0, line, book.add_format({"font_name": "Arial", "font_size": 12}))
            top = 1 + len(each.above)
            columns = [{"header": name, "header_format": bold} for name in each.header]
            page.add_table(
                top,
                0,
                top + len(each.rows),
                len(each.header) - 1,
                {
                    "name": f"table_{number}",
                    "columns": columns,
                    "style": None,
                    "autofilter": False,
                    "header_row": True,
                },
            )
            widths = each.widths
            for down, row in enumerate([each.header, *each.rows], start=top):
                # Programs disagree on whether a row of wrapped text is made as tall as its text.
                if (tall := lines(row, widths)) > 1:
                    page.set_row(down, _LINE * tall)
            for down, row in enumerate(each.rows, start=top + 1):
                for across, value in enumerate(row):
                    if isinstance(value, str):
                        page.write_string(down, across, value, plain)
                    elif isinstance(value, date):
                        page.write_datetime(down, across, value, days)
                    else:
                        page.write_number(down, across, value, plain)
            for across, width in enumerate(widths):
                page.set_column(across, across, width)
            page.set_landscape()
            page.set_paper(_A4)
            page.fit_to_pages(1, 0)
            page.repeat_rows(top)
    return held.getvalue()
