"""A Neo4j of one's own: it keeps what it was given, on this machine, for whoever has the password."""

from __future__ import annotations

from pathlib import Path

import pytest
from looking_at_processes import command_lines, hosts
from neo4j import GraphDatabase
from neo4j.exceptions import AuthError

from infra.servers.errors import ServerError
from infra.servers.neo4j import Neo4jServer
from infra.servers.versions import versions


def test_it_is_the_version_that_containers_run(neo4j: Neo4jServer) -> None:
    with neo4j.driver() as driver:
        assert driver.get_server_info().agent == f"Neo4j/{versions().neo4j.version}"
        (record,) = driver.execute_query("CALL dbms.components()").records
    assert record["edition"] == "community"


def test_a_killed_server_has_what_it_committed(neo4j: Neo4jServer) -> None:
    with neo4j.driver() as driver:
        driver.execute_query("CREATE (:Kept {id: 'kept'})")
    neo4j.kill()
    assert not neo4j.running
    neo4j.start()
    with neo4j.driver() as driver:
        assert driver.execute_query("MATCH (n:Kept) RETURN n.id").records[0][0] == "kept"


def test_nobody_gets_in_without_the_password(neo4j: Neo4jServer) -> None:
    for password in ("neo4j", "guessed"):
        with GraphDatabase.driver(neo4j.uri, auth=("neo4j", password)) as driver, pytest.raises(AuthError):
            driver.verify_connectivity()
    assert str(neo4j.folder) in command_lines()
    assert neo4j.password not in command_lines()


def test_a_folder_with_another_password_is_told_of_and_left_alone(neo4j: Neo4jServer) -> None:
    right = neo4j.password
    neo4j.password = "another password"
    try:
        with pytest.raises(ServerError, match="does not know the password in"):
            neo4j.wait()
    finally:
        neo4j.password = right
    assert neo4j.running


def test_it_listens_on_this_machine_only(neo4j: Neo4jServer) -> None:
    assert neo4j.pid is not None
    assert hosts(neo4j.pid) == {"127.0.0.1"}


def test_a_password_belongs_to_its_folder(tmp_path: Path) -> None:
    first, again, other = (Neo4jServer(tmp_path / name) for name in ("one", "one", "two"))
    assert first.password == again.password != other.password
