"""Makes police files that are as nasty as people and systems make them, with what each row truly says."""

import csv
import io
import random
import unicodedata
from collections.abc import Sequence
from typing import Any

import msgspec
import xlsxwriter

#: Fields in the order of the export, with its column names.
COLUMNS = {
    "reference": "Occurrence No",
    "incident_date": "Incident Date",
    "incident_time": "Incident Time",
    "attended": "Date/Time Attended",
    "submitted": "DAB Submitted",
    "grade": "Risk (Officer)",
    "district": "District",
    "area": "LA",
    "family": "Child Surname",
    "given": "Child Forename(s)",
    "born": "DOB",
    "sex": "Sex",
    "seen": "Child Seen",
    "shared": "Referred to CSC",
    "summary": "Summary",
}
#: Names, and other ways in which the same name is written.
FAMILY = {
    "obrien": ("O'Brien", "O\u2019BRIEN", "o brien", "OBrien", " O'Brien "),
    "sion": ("Si\u00f4n", "Sion", "SI\u00d4N", unicodedata.normalize("NFD", "Si\u00f4n")),
    "smith-jones": ("Smith-Jones", "Smith  Jones", "SMITH\u2010JONES", "smith jones"),
    "aesop": ("\u00c6sop", "Aesop", "\u00e6SOP"),
    "strasse": ("Stra\u00dfe", "STRASSE"),
    "formula": ("=cmd()",),
    "": ("", " "),
}
GIVEN = {
    "lily-mae": ("Lily-Mae", "lily mae", "LILY  MAE", "Lilymae"),
    "zoe": ("Zo\u00eb", "ZOE", unicodedata.normalize("NFD", "Zo\u00eb")),
    "fiona": ("\ufb01ona", "Fiona"),
    "ada": ("Ada", "ada ", "ADA"),
}
GRADES = ("High", "h", " HIGH", "Medium", "MED", "m", "Standard", "std", "s ")
DAYS = ("27/03/2026", "28/03/2026", "29/03/2026", "24/10/2026", "25/10/2026", "26/10/2026", "01/11/2026", "29/02/2024")
CLOCKS = ("00:00", "00:59", "01:00", "01:30", "01:59", "02:00", "09:46", "23:59")
WRONG_TIMES = ("31/02/2026", "29/02/2026", "06/25/2026", "1/1/26", "yesterday", "00/01/2026", "2026-13-01")
WRONG_CLOCKS = ("24:00", "25:61", "noon", "9.46")


class Made(msgspec.Struct):
    """A row: its cells by field, and whether it is the line that counts or has the wrong number of cells."""

    cells: dict[str, str]
    total: bool = False
    right_width: bool = True


class Nasty:
    """Rows about a few incidents, so that they meet each other often."""

    def __init__(self, seed: int, incidents: int = 12) -> None:
        self.chance = random.Random(seed)
        self.incidents = [self._incident(number) for number in range(incidents)]

    def _incident(self, number: int) -> dict[str, Any]:
        chance = self.chance
        day = chance.choice(DAYS)
        clocks = sorted(chance.choices(CLOCKS, k=3))
        names = [(chance.choice(list(FAMILY)), chance.choice(list(GIVEN))) for _ in range(chance.choice((1, 1, 2, 3)))]
        base = {
            "reference": f"06DA/{number}/26",
            "incident_date": day,
            "incident_time": clocks[0],
            "attended": f"{day} {clocks[1]}",
            "submitted": f"{day} {clocks[2]}",
            "shared": "" if chance.random() < 0.4 else "02/11/2026 10:00",
            "grade": chance.choice(GRADES),
            "district": "Leigh",
            "area": chance.choice(("Wigan", "Bolton", "Rochdale")),
            "seen": chance.choice(("Y", "N", "", "yes")),
            "summary": "Domestic incident attended.",
        }
        children = [
            {"family": f, "given": g, "born": chance.choice(("03/02/2011", "2016-12-10", "")), "sex": "MF"[len(f) % 2]}
            for f, g in names
        ]
        # Nobody here is in two incidents: what is known of a child is known in all of them, which is tested by itself.
        return {"base": base, "children": children, "number": number}

    def row(self) -> Made:
        chance = self.chance
        incident = chance.choice(self.incidents)
        child = chance.choice(incident["children"])
        cells = {**incident["base"], **child}
        who = f"{cells['family']}/{cells['given']}{incident['number']}".replace("-", "")
        cells["family"] = chance.choice(FAMILY[cells["family"]])
        cells["given"] = f"{chance.choice(GIVEN[cells['given']])} {incident['number']}"
        cells["sex"] = chance.choice({"M": ("Male", "m", "M "), "F": ("Female", "f", "F")}[cells["sex"]])
        cells["who"] = who
        for _ in range(chance.choice((0, 0, 0, 1, 1, 2, 3))):
            self._change(cells)
        for field in ("grade", "area", "reference", "attended", "born"):
            if chance.random() < 0.05:
                cells[field] = f" {cells[field]}  "
        if chance.random() < 0.02:
            return Made({**dict.fromkeys(COLUMNS, ""), "reference": "Total", "incident_date": "97"}, total=True)
        return Made(cells, right_width=chance.random() > 0.03)

    def _change(self, cells: dict[str, str]) -> None:
        chance = self.chance
        moment = chance.choice(("attended", "submitted", "shared"))
        anything = [name for name in COLUMNS if name not in ("family", "given")]
        changes: list[dict[str, str]] = [
            *({chance.choice(anything): ""} for _ in range(3)),
            {moment: cells[moment].partition(" ")[0]},
            {moment: f"{chance.choice(DAYS)} {chance.choice(CLOCKS)}"},
            {moment: chance.choice((*WRONG_TIMES, f"01/11/2026 {chance.choice(WRONG_CLOCKS)}"))},
            {"incident_date": chance.choice((*DAYS, *WRONG_TIMES)), "incident_time": chance.choice(CLOCKS)},
            {"incident_time": chance.choice((*WRONG_CLOCKS, *CLOCKS, ""))},
            {"grade": chance.choice((*GRADES, "??", "critical", "Medum"))},
            {"area": chance.choice(("Wigan", "wigan ", "BOLTON", "Atlantis", ""))},
            {"summary": chance.choice(("=1+1", "two\nlines", "tab\there", '"said"', "-", "", "a, b; c", "+44"))},
            {"born": chance.choice(("03/02/2011", "10/12/2016", "31/04/2011", "03/02/11", "03/02/2031", ""))},
            {"district": chance.choice(("Leigh", "LEIGH ", "Atherton", ""))},
            # The edge of what is in the future: now is 06:00 in London.
            {"shared": chance.choice(("22/11/2026 06:05", "22/11/2026 06:06", "22/11/2026", "23/11/2026"))},
            {"family": "", "given": "", "who": "", "born": ""},
        ]
        control = chance.choice([*anything, "family", "given"])
        if control != "born":
            changes.append({control: cells[control] + chance.choice(("\x00", "\x07", "\x1b", "\x7f", "\x9f"))})
        cells.update(chance.choice(changes))

    def rows(self, count: int) -> list[Made]:
        return [self.row() for _ in range(count)]

    def csv_file(self, rows: Sequence[Made]) -> bytes:
        """The rows in one of the many ways in which an export is written."""
        chance = self.chance
        order = list(COLUMNS)
        if chance.random() < 0.5:
            chance.shuffle(order)
            order.remove("reference")
            order.insert(0, "reference")
        extra = chance.random() < 0.3
        heading = [chance.choice((str, str.upper, lambda c: f" {c} "))(COLUMNS[field]) for field in order]
        heading += ["Officer's notes", ""] if extra else []
        codec = chance.choice(("utf-8", "utf-8-sig", "cp1252"))
        out = io.StringIO(newline="")
        ends = chance.choice(("\r\n", "\n", "\r"))
        # Python's writer leaves a line feed bare where lines end otherwise.
        sparing = ends != "\r" and chance.random() < 0.5
        writer = csv.writer(
            out,
            delimiter=chance.choice(",;\t"),
            lineterminator=ends,
            quoting=csv.QUOTE_MINIMAL if sparing else csv.QUOTE_ALL,
        )
        writer.writerow(heading)
        for row in rows:
            notes = ["", ""] if row.total else ["line\nbreak", "'-"]
            cells = [guarded(row.cells[field]) for field in order] + (notes if extra else [])
            if not row.right_width:
                cells = [*cells, "more"] if chance.random() < 0.5 else cells[: chance.randrange(1, len(cells))]
            writer.writerow(cells)
            if chance.random() < 0.05:
                out.write(chance.choice(("\r\n", "\r\n\r\n")))
        text = out.getvalue()
        if codec == "cp1252":
            # What Windows-1252 cannot write is written as people's systems would: not at all the same name.
            try:
                return text.encode(codec)
            except UnicodeEncodeError:
                codec = "utf-8"
        return text.encode(codec)


def guarded(text: str) -> str:
    """As our own exports and careful others write what a spreadsheet would run."""
    return f"'{text}" if text[:1] in set("=+-@\t\r") and text else text


def workbook(rows: Sequence[Made]) -> bytes:
    """The same rows as an Excel workbook of text."""
    file = io.BytesIO()
    made = xlsxwriter.Workbook(file, {"in_memory": True})
    sheet = made.add_worksheet()
    for number, cells in enumerate([list(COLUMNS.values()), *([row.cells[f] for f in COLUMNS] for row in rows)]):
        for column, text in enumerate(cells):
            sheet.write_string(number, column, text)
    made.close()
    return file.getvalue()
