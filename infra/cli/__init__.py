"""The command line: one command a module, results on standard output, everything else on standard error."""

from infra.cli.main import main

__all__ = ["main"]
