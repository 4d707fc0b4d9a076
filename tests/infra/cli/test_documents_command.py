"""`yizhan documents`: what is trusted, and what is wrong with what should be."""

from __future__ import annotations

import json
from hashlib import sha256
from pathlib import Path

from command_line import ROOT, typed, yizhan


def test_it_lists_the_documents_that_come_with_it(tmp_path: Path) -> None:
    said = yizhan("documents", folder=tmp_path)
    assert (said.returncode, said.stderr) == (0, "")
    lines = [line.split(" ") for line in said.stdout.splitlines()]
    files = sorted((ROOT / "graphql" / "operations").glob("*.graphql"))
    assert [line[2] for line in lines] == [file.name for file in files]
    assert [line[0] for line in lines] == [f"sha256:{sha256(file.read_bytes()).hexdigest()}" for file in files]
    assert {line[2]: line[1] for line in lines}["decide_match.graphql"] == "AcceptMatch,RefuseMatch"


def test_it_gives_json_of_another_folder_by_argument_or_setting(tmp_path: Path) -> None:
    text = "query Mine { me { personId } }"
    (tmp_path / "mine.graphql").write_text(text, encoding="utf-8")
    listed = [
        {
            "documentId": f"sha256:{sha256(text.encode()).hexdigest()}",
            "operations": ["Mine"],
            "file": "mine.graphql",
        }
    ]
    by_argument = typed("documents", tmp_path, "--json", folder=tmp_path)
    by_setting = typed("documents", "--json", folder=tmp_path, YIZHAN_DOCUMENTS=str(tmp_path))
    assert json.loads(by_argument.stdout) == json.loads(by_setting.stdout) == listed


def test_a_document_that_does_not_fit_ends_it_with_1_and_a_server_too(tmp_path: Path) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "documents" / "bad.graphql").write_text("query Bad {\n  nothing\n}\n", encoding="utf-8")
    reason = "documents/bad.graphql:2: Cannot query field 'nothing' on type 'Query'.\n"
    said = typed("documents", "documents", folder=tmp_path)
    assert (said.returncode, said.stdout, said.stderr) == (1, "", f"yizhan: {reason}")
    settings = {"YIZHAN_DOCUMENTS": "documents"}
    served = yizhan("serve", "--data", tmp_path / "data", "--port", "0", folder=tmp_path, **settings)
    assert (served.returncode, served.stdout, served.stderr) == (1, "", f"yizhan: {reason}")
    assert not (tmp_path / "data").exists(), "nothing was made before the documents were read"
