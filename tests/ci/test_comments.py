"""The comment below a pull or merge request: the steps of the Action and the template, against a forge that is played here."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml

from generator.render.review import MARKER
from tests.ci.test_pipelines import REPOSITORY, run_step, steps_of

ME, SOMEBODY = 1, 2


class Forge:
    """Both services at once: comments with author and text, the oldest first. What it does is what their documentation says."""

    def __init__(self) -> None:
        self.comments: list[dict[str, Any]] = []
        self.read_only = False
        self.page = 2  # so many comments a page, that pages are needed
        self.tokens: set[str | None] = set()
        forge = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"null")
                forge.tokens.add(self.headers.get("PRIVATE-TOKEN") or self.headers.get("Authorization"))
                address = urlsplit(self.path)
                if address.path == "/graphql":
                    status, said, head = 200, forge.graphql(body["query"], body["variables"]), {}
                else:
                    status, said, head = forge.gitlab(self.command, address.path, parse_qs(address.query), body)
                self.send_response(status)
                for key, value in head.items():
                    self.send_header(key, value)
                self.end_headers()
                self.wfile.write(json.dumps(said).encode())

            do_GET = do_POST = do_PUT = answer

            def log_message(self, format: str, *arguments: object) -> None:
                """Says nothing."""

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.http.server_address[1]}"

    def put(self, author: int, body: str) -> None:
        self.comments.append({"id": str(len(self.comments)), "author": author, "body": body})

    def graphql(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        if query.startswith("query"):
            assert (variables["owner"], variables["name"], variables["number"]) == ("team", "rules", 7)
            end = int(variables["before"]) if variables["before"] else len(self.comments)
            start = max(0, end - self.page)
            nodes = [{"id": one["id"], "body": one["body"], "viewerDidAuthor": one["author"] == ME} for one in self.comments[start:end]]
            comments = {"nodes": nodes, "pageInfo": {"startCursor": str(start), "hasPreviousPage": start > 0}}
            return {"data": {"repository": {"pullRequest": {"id": "PR", "comments": comments}}}}
        if self.read_only:
            return {"data": None, "errors": [{"type": "FORBIDDEN", "message": "Resource not accessible by integration"}]}
        if "updateIssueComment" in query:
            self.comments[int(variables["id"])]["body"] = variables["body"]
        else:
            assert variables["id"] == "PR"
            self.put(ME, variables["body"])
        return {"data": {}}

    def gitlab(self, method: str, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, Any, dict[str, str]]:
        if path == "/api/v4/user":
            return 200, {"id": ME}, {}
        notes = "/api/v4/projects/5/merge_requests/7/notes"
        assert path.startswith(notes)
        if method == "GET":
            start = (int(query["page"][0]) - 1) * self.page
            found = [{**one, "author": {"id": one["author"]}} for one in reversed(self.comments)][start : start + self.page]
            more = start + self.page < len(self.comments)
            return 200, found, {"X-Next-Page": str(int(query["page"][0]) + 1) if more else ""}
        if self.read_only:
            return 403, {"message": "403 Forbidden"}, {}
        if method == "PUT":
            self.comments[int(path.rpartition("/")[2])]["body"] = body["body"]
            return 200, {}, {}
        self.put(ME, body["body"])
        return 201, {}, {}


@pytest.fixture
def forge() -> Iterator[Forge]:
    played = Forge()
    threading.Thread(target=played.http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    yield played
    played.http.shutdown()
    played.http.server_close()


@pytest.fixture(params=["github", "gitlab"])
def job(request: pytest.FixtureRequest, forge: Forge, tmp_path: Path) -> tuple[str, dict[str, str]]:
    """The step that comments, and the environment that the service gives it."""
    if request.param == "github":
        (tmp_path / "event.json").write_text(json.dumps({"pull_request": {"number": 7}}))
        env = {"GITHUB_EVENT_PATH": str(tmp_path / "event.json"), "GITHUB_REPOSITORY": "team/rules", "GH_TOKEN": "x", "GITLAB_CI": ""}
        return steps_of("action.yml")["Comment"]["run"], {**env, "GITHUB_GRAPHQL_URL": f"{forge.address}/graphql"}
    script = yaml.safe_load((REPOSITORY / "ci/gitlab.yml").read_text("utf-8"))["fieldguide-diff"]["script"][-1]
    env = {"GITLAB_CI": "true", "CI_API_V4_URL": f"{forge.address}/api/v4", "CI_PROJECT_ID": "6", "CI_MERGE_REQUEST_PROJECT_ID": "5"}
    return script, {**env, "CI_MERGE_REQUEST_IID": "7", "FIELDGUIDE_TOKEN": "x"}


def test_there_is_one_comment_which_is_renewed(forge: Forge, job: tuple[str, dict[str, str]], tmp_path: Path) -> None:
    script, env = job
    forge.put(ME, "Another job of the same account")
    forge.put(SOMEBODY, f"{MARKER}\nSomebody who quotes it")
    for text in ("first", "second"):
        (tmp_path / "fieldguide-diff.md").write_text(f"{MARKER}\n{text}")
        done = run_step(script, tmp_path, **env)
        assert done.returncode == 0, done.stderr
        forge.put(SOMEBODY, "One more")
        forge.put(ME, "Another job again")
    assert [one["body"] for one in forge.comments if one["author"] == ME and one["body"].startswith(MARKER)] == [f"{MARKER}\nsecond"]
    assert forge.comments[1]["body"] == f"{MARKER}\nSomebody who quotes it"
    assert len(forge.comments) == 2 + 1 + 4
    assert forge.tokens <= {"x", "Bearer x"}


def test_a_token_that_may_only_read_fails_nothing_and_is_told(forge: Forge, job: tuple[str, dict[str, str]], tmp_path: Path) -> None:
    forge.read_only = True
    (tmp_path / "fieldguide-diff.md").write_text(f"{MARKER}\ntext")
    done = run_step(job[0], tmp_path, **job[1])
    assert done.returncode == 0
    assert "the token may only read" in done.stderr
    assert forge.comments == []


def test_without_a_request_to_comment_on_it_says_what_is_missing(tmp_path: Path) -> None:
    (tmp_path / "fieldguide-diff.md").write_text("text")
    unset = {"GITLAB_CI": "", "GITHUB_EVENT_PATH": ""}
    assert "no job of GitHub or GitLab" in run_step("fieldguide comment || test $? -eq 2", tmp_path, **unset).stderr
    assert "FIELDGUIDE_TOKEN" in run_step("fieldguide comment || test $? -eq 2", tmp_path, GITLAB_CI="true").stderr
    assert "cannot be read" in run_step("fieldguide comment x.md || test $? -eq 2", tmp_path, **unset).stderr
