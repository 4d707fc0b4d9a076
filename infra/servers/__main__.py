"""`scripts/servers`: Kafka and Neo4j in the background, on the loopback interface."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from pathlib import Path
from typing import Any

from infra.servers.background import NAMES, Background
from infra.servers.errors import MissingToolError, ServerError

DONE, USAGE, OUT_OF_REACH = 0, 2, 3
DATA = Path(__file__).parents[2] / "var" / "servers"


def main() -> int:
    """Do what the command line asks; gives the exit code."""
    parser = argparse.ArgumentParser(prog="scripts/servers", description="Real Kafka and Neo4j, from their jars.")
    parser.add_argument("action", choices=("start", "stop", "status"))
    parser.add_argument("--data", type=Path, default=DATA, help="the folder of their data (var/servers)")
    parser.add_argument("--json", action="store_true", help="print JSON, for scripts")
    asked = parser.parse_args()
    logging.basicConfig(level=logging.CRITICAL)  # a server that is not up yet is no news
    background = Background(asked.data)
    try:
        if asked.action == "start":
            _start(background)
        elif asked.action == "stop":
            _stop(background)
        told = [background.status(name) for name in NAMES]
    except MissingToolError as error:
        return _failed(USAGE, str(error))
    except ServerError as error:
        return _failed(OUT_OF_REACH, str(error))
    except OSError as error:
        return _failed(OUT_OF_REACH, f"{error.filename or 'the system'}: {error.strerror}")
    if asked.json:
        print(json.dumps({"servers": told}, indent=2))
    elif asked.action != "stop":
        _print(told)
    return DONE if asked.action != "status" or all(each["running"] for each in told) else OUT_OF_REACH


def _start(background: Background) -> None:
    with background.held():
        for name in NAMES:
            _say(f"starting {name} …")
            _say(f"{name} is up" if background.start(name) else f"{name} runs already")


def _stop(background: Background) -> None:
    with background.held():
        for name in reversed(NAMES):
            _say(f"{name} was stopped" if background.stop(name) else f"{name} does not run")


def _print(told: list[dict[str, Any]]) -> None:
    for each in told:
        if each["running"]:
            print(f"{each['name']}: {each['address']}  (process {each['pid']}, log {each['log']})")
        else:
            print(f"{each['name']}: does not run")
    if all(each["running"] for each in told):
        kafka, neo4j = told
        print("\nTo use them:")
        print(f"  YIZHAN_LOG={kafka['address']}")
        print(f"  Neo4j's user is {neo4j['user']}; the password is in {neo4j['password_file']}")


def _say(text: str) -> None:
    print(f"yizhan: {text}", file=sys.stderr)


def _failed(code: int, text: str) -> int:
    _say(text)
    return code


if __name__ == "__main__":
    sys.exit(main())
