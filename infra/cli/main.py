"""`yizhan`: the commands, and what their exit codes mean.

0 done, 1 refused or found something wrong, 2 wrong usage, 3 a service is out of reach.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module

import typer

from infra.cli.failures import failures
from infra.interpreter import collect_rarely, share_arenas, take_turns_often

COMMANDS = {
    "serve": "serve.serve",
    "install": "install.install",
    "sample": "sample.sample",
    "import": "importing.import_",
    "export": "exporting.export",
    "token": "token.token",
    "person": "person.person",
    "history": "history.history",
    "show": "show.show",
    "lag": "lag.lag",
    "skip": "skip.skip",
    "rebuild": "rebuild.rebuild",
    "generations": "rebuild.generations",
    "verify": "verify.verify",
    "doctor": "doctor.doctor",
    "schemas": "schemas.schemas",
    "schema": "schema.schema",
    "documents": "documents.documents",
}
"""Each command, and the function in this package that is behind it."""


def application(commands: Sequence[str]) -> typer.Typer:
    """The command line with these commands; only what they need is imported, so that a small one starts at once."""
    app = typer.Typer(name="yizhan", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
    app.callback()(_about)
    for command in commands:
        module, function = COMMANDS[command].split(".")
        app.command(command)(getattr(import_module(f"infra.cli.{module}"), function))
    return app


def _about() -> None:
    """驿站: the backend of an innovation relay network."""


def main() -> None:
    """Run the command that was typed; what goes wrong is one clear line and an exit code."""
    share_arenas()
    collect_rarely()
    take_turns_often()
    typed = sys.argv[1] if len(sys.argv) > 1 else ""
    with failures():
        sys.exit(application([typed] if typed in COMMANDS else list(COMMANDS))(standalone_mode=True))
