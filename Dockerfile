# yizhan, ready to run: the libraries of the locks and the program, and nothing that only tests and development need.
# Made by scripts/compose from infra/servers/versions.toml.
FROM python:3.11.14-slim-trixie AS build
WORKDIR /src
RUN python -m venv /opt/yizhan
ENV PATH=/opt/yizhan/bin:$PATH
COPY requirements/build.txt requirements/base.txt requirements/fast.txt requirements/tracing.txt requirements/
RUN pip install --require-hashes --no-deps --requirement requirements/build.txt
RUN pip install --require-hashes --no-deps --no-build-isolation \
    --requirement requirements/base.txt --requirement requirements/fast.txt --requirement requirements/tracing.txt
COPY pyproject.toml README.md LICENSE ./
COPY domain domain
COPY projections projections
COPY graphql graphql
COPY infra infra
RUN pip install --no-deps --no-build-isolation . && pip check
RUN pip uninstall --yes setuptools pip

FROM python:3.11.14-slim-trixie
COPY --from=build /opt/yizhan /opt/yizhan
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /var/lib/yizhan --shell /usr/sbin/nologin yizhan \
    && install --directory --owner yizhan --group yizhan --mode 700 /var/lib/yizhan
ENV PATH=/opt/yizhan/bin:$PATH
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1
ENV YIZHAN_DATA=/var/lib/yizhan YIZHAN_HOST=0.0.0.0 YIZHAN_PORT=8000
WORKDIR /opt/yizhan
USER 10001
VOLUME /var/lib/yizhan
EXPOSE 8000
CMD ["yizhan", "serve"]
