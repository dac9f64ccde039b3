"""The command line: `tracker VERB`, the same as `python -m service VERB`.

Exit codes: 0 all was done and every row is accounted for; 2 usage; 3 a service cannot be reached; 1 anything else.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from types import ModuleType

from service.commands import UNTIL_STOPPED, VERBS
from service.console import Console, Failure, Misuse, Unreachable
from service.errors import TrackerError, Unavailable
from service.settings import SettingsWrong
from service.stopping import Stopped, stopping_on_signals
from service.unreachable import is_unreachable


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit code."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    overview = _overview()
    if not words or words[0] not in VERBS:
        # Prints the help or what was wrong with the verb, and exits.
        overview.parse_args(words or ["--help"])
    verb, *rest = words
    if verb not in UNTIL_STOPPED:
        return _verb(verb, rest, overview.prog)
    # From the first moment on: a signal may arrive while modules load.
    with suppress(Stopped), stopping_on_signals():
        return _verb(verb, rest, overview.prog)
    return 0


def _verb(verb: str, rest: Sequence[str], program: str) -> int:
    command = importlib.import_module(VERBS[verb][0])
    parser = argparse.ArgumentParser(prog=f"{program} {verb}", description=_sentence(VERBS[verb][1]))
    parser.add_argument("--json", action="store_true", help="end standard output with one JSON object")
    command.arguments(parser)
    options = parser.parse_args(rest)
    return _run(command, options, Console(json=options.json), parser)


def _run(command: ModuleType, options: argparse.Namespace, console: Console, parser: argparse.ArgumentParser) -> int:
    try:
        code: int = command.run(options, console)
    except (Misuse, SettingsWrong) as misuse:
        parser.error(str(misuse))
    except (Unreachable, Unavailable) as unreachable:
        return _failed(console, str(unreachable), 3)
    except (Failure, TrackerError) as failure:
        return _failed(console, str(failure), 1)
    except BrokenPipeError:
        # Whoever read our output has gone; without this the interpreter would complain once more at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Stopped:
        raise
    except KeyboardInterrupt:
        return _failed(console, "stopped before the end", 1)
    except Exception as error:
        if not is_unreachable(error):
            raise
        return _failed(console, f"a service cannot be reached: {error}", 3)
    return code


def _failed(console: Console, message: str, code: int) -> int:
    console.warn(f"tracker: {message}")
    if console.json:
        console.result({"error": message})
    return code


def _overview() -> argparse.ArgumentParser:
    """The parser that knows the verbs' names only, so that help needs none of their modules."""
    width = max(len(verb) for verb in VERBS)
    listing = "\n".join(f"  {verb:<{width}}  {summary}" for verb, (_, summary) in VERBS.items())
    name = "python -m service" if sys.argv[0].endswith("__main__.py") else "tracker"
    parser = argparse.ArgumentParser(
        prog=name,
        description="Unassessed risk tracker: every child in every police-attended incident, until somebody decides.",
        epilog=f"verbs:\n{listing}\n\n{name} VERB --help says more about one.",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("verb", choices=list(VERBS), metavar="VERB")
    return parser


def _sentence(summary: str) -> str:
    return f"{summary[0].upper()}{summary[1:]}."
