"""What goes wrong, as one clear line and an exit code."""

from __future__ import annotations

import errno
import sqlite3
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager

from eventsourcing.persistence import PersistenceError
from pydantic import ValidationError
from pydantic_settings import SettingsError

from domain.kernel.moments import NoSuchMomentError
from domain.kernel.outcomes import ContendedError
from domain.kernel.refusals import Refusal
from infra.errors import OutOfReachError, UnfitError

REFUSED, USAGE, OUT_OF_REACH = 1, 2, 3


class Failure(Exception):
    """A command cannot do what it was asked to; says why in one line."""

    def __init__(self, message: str, code: int = REFUSED) -> None:
        super().__init__(message)
        self.code = code


@contextmanager
def failures() -> Iterator[None]:
    """End the process with the right exit code, and one line on standard error."""
    try:
        yield
    except Failure as failure:
        _end(failure.code, str(failure))
    except (Refusal, ContendedError, NoSuchMomentError, UnfitError) as error:
        _end(REFUSED, str(error))
    except ValidationError as error:
        first = error.errors()[0]
        _end(USAGE, f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
    except (SettingsError, tomllib.TOMLDecodeError) as error:
        _end(USAGE, f"the settings cannot be read: {error}")
    except OutOfReachError as error:
        _end(OUT_OF_REACH, str(error))
    except (PersistenceError, sqlite3.Error) as error:
        _end(OUT_OF_REACH, f"the log cannot be used: {error}")
    except OSError as error:
        if error.errno not in (errno.ENOSPC, errno.EACCES, errno.EROFS, errno.EDQUOT, errno.ENOTDIR, errno.EEXIST):
            raise
        _end(OUT_OF_REACH, f"{error.filename or 'the disk'}: {error.strerror}")


def _end(code: int, message: str) -> None:
    print(f"yizhan: {message}", file=sys.stderr)
    sys.exit(code)
