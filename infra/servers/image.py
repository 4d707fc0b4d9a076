"""The Dockerfile, written from versions.toml: the image that the containers of yizhan are started from.

What is installed is built in an image of its own, so that nothing that building needs is in the one that runs.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

from infra.servers.versions import versions

PLACE: Final = Path(__file__).parents[2] / "Dockerfile"
NAME: Final = "yizhan"
START: Final = ["yizhan", "serve"]
DATA: Final = "/var/lib/yizhan"
PORT: Final = 8000
USER: Final = 10001

TEXT: Final = """\
# yizhan, ready to run: the libraries of the locks and the program, and nothing that only tests and development need.
# Made by scripts/compose from infra/servers/versions.toml.
FROM {base} AS build
WORKDIR /src
RUN python -m venv /opt/yizhan
ENV PATH=/opt/yizhan/bin:$PATH
COPY requirements/build.txt requirements/base.txt requirements/fast.txt requirements/tracing.txt requirements/
RUN pip install --require-hashes --no-deps --requirement requirements/build.txt
RUN pip install --require-hashes --no-deps --no-build-isolation \\
    --requirement requirements/base.txt --requirement requirements/fast.txt --requirement requirements/tracing.txt
COPY pyproject.toml README.md LICENSE ./
COPY domain domain
COPY projections projections
COPY graphql graphql
COPY infra infra
RUN pip install --no-deps --no-build-isolation . && pip check
RUN pip uninstall --yes setuptools pip

FROM {base}
COPY --from=build /opt/yizhan /opt/yizhan
RUN useradd --uid {user} --user-group --no-create-home --home-dir {data} --shell /usr/sbin/nologin yizhan \\
    && install --directory --owner yizhan --group yizhan --mode 700 {data}
ENV PATH=/opt/yizhan/bin:$PATH
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
ENV YIZHAN_DATA={data} YIZHAN_HOST=0.0.0.0 YIZHAN_PORT={port}
WORKDIR /opt/yizhan
USER {user}
VOLUME {data}
EXPOSE {port}
CMD {start}
"""


def text() -> str:
    """The file, to the byte."""
    python = versions().python
    base = f"{python.image}:{python.version}"
    return TEXT.format(base=base, user=USER, data=DATA, port=PORT, start=json.dumps(START))
