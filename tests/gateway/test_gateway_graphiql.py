"""GraphiQL as the server gives it out: its page, its files and what it says of them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from asking import Asking

from gateway.graphiql import POLICY
from gateway.server import application
from infra.server import Running


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The folder of a bundle; there is none in it yet."""
    made = tmp_path / "bundle"
    made.mkdir()
    return made


@pytest.fixture
def there(system: Running, asking: Asking, folder: Path) -> Asking:
    return replace(asking, gateway=application(system.services, graphiql=folder))


def bundle_in(folder: Path) -> None:
    for name in ("page.html", "graphiql-A1.js", "graphiql-B2.css", "codicon-C3.ttf", "roboto-D4.woff2", "licences.txt"):
        (folder / name).write_text(f"this is {name}", encoding="utf-8")


def test_the_page_is_asked_for_anew_and_its_files_are_kept_for_ever(there: Asking, folder: Path) -> None:
    bundle_in(folder)
    page = there.http("GET", "/graphiql")
    assert (page.status_code, page.text, page.headers["Cache-Control"]) == (200, "this is page.html", "no-cache")
    file = there.http("GET", "/graphiql/graphiql-A1.js")
    assert (file.status_code, file.text) == (200, "this is graphiql-A1.js")
    assert file.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_a_file_says_what_it_is_whatever_the_machine_thinks_of_its_name(there: Asking, folder: Path) -> None:
    bundle_in(folder)
    for name, kind in {
        "graphiql-A1.js": "text/javascript; charset=utf-8",
        "graphiql-B2.css": "text/css; charset=utf-8",
        "codicon-C3.ttf": "font/ttf",
        "roboto-D4.woff2": "font/woff2",
        "licences.txt": "text/plain; charset=utf-8",
    }.items():
        assert there.http("GET", f"/graphiql/{name}").headers["Content-Type"] == kind
    assert there.http("GET", "/graphiql").headers["Content-Type"] == "text/html; charset=utf-8"


@pytest.mark.parametrize("path", ["/graphiql", "/graphiql/graphiql-A1.js", "/graphiql/nothing.js"])
@pytest.mark.parametrize("built", [True, False])
def test_whatever_is_sent_is_shut_in(there: Asking, folder: Path, path: str, built: bool) -> None:
    if built:
        bundle_in(folder)
    headers = there.http("GET", path).headers
    policy = dict(each.split(" ", 1) for each in headers["Content-Security-Policy"].split("; "))
    assert policy == POLICY
    assert policy["default-src"] == policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["connect-src"] == policy["worker-src"] == "'self'"
    assert not any("unsafe" in sources or ":" in sources for kind, sources in policy.items() if kind in SCRIPTS)
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"


SCRIPTS = ("default-src", "script-src", "connect-src", "worker-src")


@pytest.mark.parametrize(
    "path",
    [
        "/graphiql/page.html",
        "/graphiql/no_graphiql.html",
        "/graphiql/..%2Fsecret.txt",
        "/graphiql/%2e%2e%2fsecret.txt",
        "/graphiql/..%5Csecret.txt",
        "/graphiql/%2Fetc%2Fpasswd",
        "/graphiql/deeper",
        "/graphiql/deeper/file.js",
        "/graphiql/graphiql-A1.js%00",
        "/graphiql/%2E%2E",
    ],
)
def test_nothing_else_is_given_out(there: Asking, folder: Path, path: str) -> None:
    bundle_in(folder)
    (folder.parent / "secret.txt").write_text("secret", encoding="utf-8")
    (folder / "deeper").mkdir()
    (folder / "deeper" / "file.js").write_text("secret", encoding="utf-8")
    answer = there.http("GET", path)
    assert answer.status_code == 404
    assert "secret" not in answer.text


def test_without_a_bundle_a_page_says_what_to_type_until_there_is_one(there: Asking, folder: Path) -> None:
    answer = there.http("GET", "/graphiql")
    assert answer.status_code == 404
    assert "scripts/build --bundle" in answer.text
    assert "docs/guide/ask.md" in answer.text
    assert "<script" not in answer.text
    bundle_in(folder)
    assert there.http("GET", "/graphiql").status_code == 200


def test_the_front_page_names_it_where_it_is(there: Asking, folder: Path) -> None:
    assert "graphiql" not in there.http("GET", "/").text
    bundle_in(folder)
    assert '<a href="/graphiql">' in there.http("GET", "/").text


def test_it_is_not_there_where_it_is_not_wanted(asking: Asking, system: Running) -> None:
    without = replace(asking, gateway=application(system.services))
    assert without.http("GET", "/graphiql").status_code == 404
    assert "scripts/build" not in without.http("GET", "/graphiql").text
    assert "graphiql" not in without.http("GET", "/").text


def test_it_is_only_given_out(there: Asking, folder: Path) -> None:
    bundle_in(folder)
    assert [there.http(method, "/graphiql").status_code for method in ("POST", "PUT", "DELETE")] == [405, 405, 405]
