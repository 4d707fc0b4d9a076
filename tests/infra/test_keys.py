"""Keys of subjects: durable, wrapped, one file for several processes."""

from __future__ import annotations

import os
import sqlite3
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.keys import KeyStore, KeyStoreError, kept_secret, master_key

MASTER = bytes(range(32))


def store(folder: Path, master: bytes = MASTER) -> KeyStore:
    return KeyStore(folder / "keys.db", master)


def test_a_subject_has_one_key_and_another_subject_another(tmp_path: Path) -> None:
    keys = store(tmp_path)
    assert keys.key_of("a") == keys.key_of("a")
    assert keys.key_of("a") != keys.key_of("b")
    keys.close()


def test_a_key_is_there_after_reopening_and_is_found_by_its_name(tmp_path: Path) -> None:
    keys = store(tmp_path)
    made = keys.key_of("a")
    assert keys.find("a", made.key_id) == made
    keys.close()
    again = store(tmp_path)
    assert again.find("a", made.key_id) == made
    assert again.key_of("a") == made
    assert again.find("b", made.key_id) is None
    assert again.find("a", "another") is None
    again.close()


def test_the_file_holds_keys_only_wrapped(tmp_path: Path) -> None:
    keys = store(tmp_path)
    secret = keys.key_of("a").secret
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"\x00" in held
    assert secret not in held
    assert MASTER not in held
    keys.close()


def test_another_master_key_opens_nothing_and_says_why(tmp_path: Path) -> None:
    keys = store(tmp_path)
    key_id = keys.key_of("a").key_id
    keys.close()
    other = store(tmp_path, bytes(32))
    with pytest.raises(KeyStoreError, match="belongs to another data folder"):
        other.find("a", key_id)
    with pytest.raises(KeyStoreError, match="belongs to another data folder"):
        other.key_of("a")
    other.close()


def test_a_key_wrapped_for_one_subject_is_none_of_another(tmp_path: Path) -> None:
    keys = store(tmp_path)
    key_id = keys.key_of("a").key_id
    keys.close()
    with sqlite3.connect(tmp_path / "keys.db") as moved:
        moved.execute("UPDATE keys SET subject = 'b'")
    moved.close()
    again = store(tmp_path)
    with pytest.raises(KeyStoreError):
        again.find("b", key_id)
    again.close()


def test_two_stores_that_make_a_key_for_one_subject_both_find_both(tmp_path: Path) -> None:
    one, other = store(tmp_path), store(tmp_path)
    keys = [each.key_of(subject) for subject in "abc" for each in (one, other)]
    for number, key in enumerate(keys):
        subject = "abc"[number // 2]
        assert one.find(subject, key.key_id) == other.find(subject, key.key_id) == key
    one.close()
    other.close()


def test_many_threads_get_one_key_for_a_subject(tmp_path: Path) -> None:
    keys = store(tmp_path)
    with ThreadPoolExecutor(8) as threads:
        assert len(set(threads.map(lambda _: keys.key_of("a"), range(64)))) == 1
    keys.close()


def test_every_file_of_the_store_belongs_to_its_owner_alone(tmp_path: Path) -> None:
    keys = store(tmp_path)
    keys.key_of("a")
    master_key(tmp_path / "master.key")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    assert modes.keys() == {"keys.db", "keys.db-wal", "keys.db-shm", "master.key"}
    assert set(modes.values()) == {0o600}
    keys.close()


def test_a_store_that_another_process_is_just_opening_is_waited_for(tmp_path: Path) -> None:
    reader = sqlite3.connect(tmp_path / "keys.db", isolation_level=None, check_same_thread=False)
    reader.execute("CREATE TABLE other (x)")
    reader.execute("BEGIN IMMEDIATE")
    reader.execute("INSERT INTO other VALUES (1)")
    release = threading.Timer(0.3, reader.execute, ["COMMIT"])
    release.start()
    keys = store(tmp_path)
    release.join()
    assert keys.key_of("a") == keys.key_of("a")
    keys.close()
    reader.close()


def test_a_digest_tells_the_same_data_again_and_depends_on_the_master_key(tmp_path: Path) -> None:
    keys = store(tmp_path)
    (tmp_path / "x").mkdir()
    other = store(tmp_path / "x", bytes(32))
    assert keys.digest(b"a") == keys.digest(b"a")
    assert len({keys.digest(b"a"), keys.digest(b"b"), other.digest(b"a")}) == 3
    keys.close()
    other.close()


def test_a_master_key_is_made_once_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "master.key"
    assert master_key(path) == master_key(path)
    assert len(master_key(path)) == 32
    assert [each.name for each in tmp_path.iterdir()] == ["master.key"]


@pytest.mark.parametrize("held", [b"", b"x" * 31, b"x" * 33])
def test_a_file_that_is_no_master_key_is_named(tmp_path: Path, held: bytes) -> None:
    (tmp_path / "master.key").write_bytes(held)
    with pytest.raises(KeyStoreError, match=f"holds {len(held)} bytes"):
        master_key(tmp_path / "master.key")


def test_whoever_comes_second_to_a_secret_takes_that_of_the_first(tmp_path: Path) -> None:
    path = tmp_path / "secret"

    def made_meanwhile() -> bytes:
        assert kept_secret(path, lambda: b"first") == b"first"
        return b"second"

    assert kept_secret(path, made_meanwhile) == b"first"
    assert [each.name for each in tmp_path.iterdir()] == ["secret"]


@pytest.mark.slow
def test_processes_that_start_at_once_in_a_fresh_folder_share_one_master_key(tmp_path: Path) -> None:
    program = (
        "import pathlib, sys\nfrom infra.keys import KeyStore, master_key\n"
        "folder = pathlib.Path(sys.argv[1])\nkey = master_key(folder / 'master.key')\n"
        "store = KeyStore(folder / 'keys.db', key)\nstore.key_of('a')\nstore.close()\nprint(key.hex())"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    started = [
        subprocess.Popen(
            [sys.executable, "-c", program, str(tmp_path)], stdout=subprocess.PIPE, text=True, env=environment
        )
        for _ in range(4)
    ]
    said = {process.communicate(timeout=60)[0] for process in started}
    assert [process.returncode for process in started] == [0] * 4
    assert said == {(tmp_path / "master.key").read_bytes().hex() + "\n"}
