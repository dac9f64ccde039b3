"""The template environment: our pages, the GOV.UK macros, and the words and charts they use.

A subject's templates live in its own ``templates/`` and are named with the subject in front:
``service/intake/templates/log.html`` is ``intake/log.html``.
"""

from pathlib import Path
from typing import Final

from jinja2 import ChainableUndefined, Environment, FileSystemLoader, PackageLoader, PrefixLoader

from service.web import static, times, words

_SERVICE: Final = Path(__file__).resolve().parent.parent


def environment() -> Environment:
    """Make the environment; one for each process is enough."""
    folders = {path.parent.name: FileSystemLoader(path) for path in sorted(_SERVICE.glob("*/templates"))}
    env = Environment(
        loader=PrefixLoader({**folders, "govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")}),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=ChainableUndefined,  # the GOV.UK macros look into parameters that were not given
        auto_reload=False,
    )
    env.globals.update(asset=static.asset, words=words, times=times)
    env.filters.update(
        sentence=words.sentence, role=words.role, grade=words.grade, moment=times.moment, duration=times.length
    )
    return env


ENVIRONMENT: Final = environment()
