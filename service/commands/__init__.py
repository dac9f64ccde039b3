"""The verbs of the command line, one module each, imported only when asked for.

A verb's module has two functions:

    def arguments(parser: argparse.ArgumentParser) -> None     # adds its options
    def run(options: argparse.Namespace, console: Console) -> int   # 0 when all was done; says the rest to the console

`--json` is there already. A failure worth one line is raised as `service.console.Failure`; usage that argparse cannot
see as `service.console.Misuse`. A service that cannot be reached needs nothing: the
error that the driver raises is enough.
"""

VERBS: dict[str, tuple[str, str]] = {
    "demo": ("service.commands.demo", "the whole product on embedded services, with a synthetic partnership"),
    "services": ("service.commands.services", "just the embedded PostgreSQL and Valkey, in the foreground"),
    "migrate": ("service.commands.migrate", "bring the database's schema up to date"),
    "serve": ("service.commands.serve", "the API and the pages"),
    "work": ("service.commands.work", "the workers: flags, messages, imports, nightly checks"),
    "import-notices": ("service.commands.import_notices", "a police file, every row accounted for"),
    "import-history": ("service.commands.import_history", "a council's history of pathways, as often as it is sent"),
    "export-history": ("service.commands.export_history", "the same file back, with what follows from it"),
    "evaluate": ("service.commands.evaluate", "one sweep now, or what one would raise at an instant"),
    "rebuild": ("service.commands.rebuild", "recompute everything derived from milestones, or only compare"),
    "report": ("service.commands.report", "the figures of the backlog, or of delays, as the pages show them"),
    "explain": ("service.commands.explain", "every clock of one pathway in words"),
    "create-person": ("service.commands.create_person", "somebody who can sign in"),
    "create-client": ("service.commands.create_client", "a machine that pushes notices or pulls extracts"),
    "retention": (
        "service.commands.retention",
        "what is due to lose its names, and doing it when told exactly how much",
    ),
    "verify-audit": ("service.commands.verify_audit", "the audit chain and its seals"),
}
"""Verb: (module, what it does)."""

UNTIL_STOPPED = frozenset({"demo", "services", "serve", "work"})
"""Verbs that run until a signal ends them, which is a good end."""
