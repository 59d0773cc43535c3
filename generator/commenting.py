"""The comment below a pull or merge request: written once, and from then on kept up to date by the jobs that come after.

Which comment is ours is told by a hidden marker at its beginning, and by its author: nobody else's is ever touched. Sources of the forms:
GitHub's GraphQL reference (`addComment`, `updateIssueComment`), and "Notes API" in GitLab's documentation.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPException
from pathlib import Path
from typing import IO, Any
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener

# The answer of a forge that takes longer is not waited for, in seconds.
_PATIENCE = 30

_COMMENTS = """query($owner: String!, $name: String!, $number: Int!, $before: String) {
  repository(owner: $owner, name: $name) { pullRequest(number: $number) { id
    comments(last: 100, before: $before) { nodes { id body viewerDidAuthor } pageInfo { startCursor hasPreviousPage } } } } }"""
_ADD = "mutation($id: ID!, $body: String!) { addComment(input: {subjectId: $id, body: $body}) { clientMutationId } }"
_UPDATE = "mutation($id: ID!, $body: String!) { updateIssueComment(input: {id: $id, body: $body}) { clientMutationId } }"


class NoRequest(ValueError):
    """This is no job for a pull or merge request, or it has no token; the text says what is missing."""


class Refused(RuntimeError):
    """The forge did not take the comment, as it does not from a token that may only read; the text says what it answered."""


def put_comment(text: str, marker: str, environment: Mapping[str, str]) -> str:
    """Puts a comment that begins with a marker below the request that the environment of a job names, or renews the job's own last one.

    Says what was done. Raises `NoRequest` and `Refused`.
    """
    forge: _GitHub | _GitLab = _GitLab.of(environment) if environment.get("GITLAB_CI") else _GitHub.of(environment)
    own = next((ident for ident, body in forge.own() if body.startswith(marker)), "")
    if own:
        forge.renew(own, text)
    else:
        forge.add(text)
    return f"The comment below {forge.name} was {'renewed' if own else 'written'}."


@dataclass(frozen=True)
class _GitHub:
    address: str
    repository: str
    number: int
    token: str

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> _GitHub:
        event = environment.get("GITHUB_EVENT_PATH", "")
        number = (json.loads(Path(event).read_text("utf-8")).get("pull_request") or {}).get("number") if event else None
        token = environment.get("GH_TOKEN") or environment.get("GITHUB_TOKEN")
        if not number or not token:
            raise NoRequest("This is no job of GitHub or GitLab for a pull or merge request, or GH_TOKEN is not set; run it in one.")
        address = environment.get("GITHUB_GRAPHQL_URL", "https://api.github.com/graphql")
        return cls(address, environment.get("GITHUB_REPOSITORY", ""), int(number), token)

    @property
    def name(self) -> str:
        return f"pull request {self.number}"

    def own(self) -> Iterator[tuple[str, str]]:
        """Our comments, the last one first."""
        before = None
        while True:
            comments = self._request(before)["comments"]
            yield from ((node["id"], node["body"]) for node in reversed(comments["nodes"]) if node["viewerDidAuthor"])
            if not comments["pageInfo"]["hasPreviousPage"]:
                return
            before = comments["pageInfo"]["startCursor"]

    def renew(self, ident: str, text: str) -> None:
        self._ask(_UPDATE, {"id": ident, "body": text})

    def add(self, text: str) -> None:
        self._ask(_ADD, {"id": self._request(None)["id"], "body": text})

    def _request(self, before: str | None) -> Any:
        owner, _, name = self.repository.partition("/")
        found = self._ask(_COMMENTS, {"owner": owner, "name": name, "number": self.number, "before": before})
        return found["repository"]["pullRequest"]

    def _ask(self, query: str, variables: Mapping[str, Any]) -> Any:
        answer, _ = _send("POST", self.address, {"Authorization": f"Bearer {self.token}"}, {"query": query, "variables": variables})
        if answer.get("errors"):
            raise Refused("; ".join(str(error.get("message")) for error in answer["errors"]))
        return answer["data"]


@dataclass(frozen=True)
class _GitLab:
    address: str
    project: str
    number: str
    token: str

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> _GitLab:
        number, token = environment.get("CI_MERGE_REQUEST_IID"), environment.get("FIELDGUIDE_TOKEN")
        if not number or not token:
            raise NoRequest("This job is for no merge request, or FIELDGUIDE_TOKEN has no access token; both are needed for a comment.")
        project = environment.get("CI_MERGE_REQUEST_PROJECT_ID") or environment.get("CI_PROJECT_ID", "")
        return cls(environment["CI_API_V4_URL"], project, number, token)

    @property
    def name(self) -> str:
        return f"merge request {self.number}"

    def own(self) -> Iterator[tuple[str, str]]:
        """Our notes, the last one first."""
        me = self._ask("GET", f"{self.address}/user")[0]["id"]
        page = "1"
        while page:
            notes, page = self._ask("GET", f"{self._notes}?order_by=created_at&sort=desc&per_page=100&page={page}")
            yield from ((str(note["id"]), note["body"]) for note in notes if note["author"]["id"] == me)

    def renew(self, ident: str, text: str) -> None:
        self._ask("PUT", f"{self._notes}/{ident}", {"body": text})

    def add(self, text: str) -> None:
        self._ask("POST", self._notes, {"body": text})

    @property
    def _notes(self) -> str:
        return f"{self.address}/projects/{self.project}/merge_requests/{self.number}/notes"

    def _ask(self, method: str, address: str, body: object = None) -> tuple[Any, str]:
        answer, head = _send(method, address, {"PRIVATE-TOKEN": self.token}, body)
        return answer, head.get("X-Next-Page", "")


class _Stay(HTTPRedirectHandler):
    """Goes where it was sent and nowhere else: a token is for one host."""

    def redirect_request(self, req: Request, fp: IO[bytes], code: int, msg: str, headers: Message, newurl: str) -> None:
        return None


def _opener() -> OpenerDirector:
    return build_opener(_Stay)


def _send(method: str, address: str, headers: Mapping[str, str], body: object = None) -> tuple[Any, Message]:
    """A forge's answer as data, with its head. Raises `Refused`."""
    data = None if body is None else json.dumps(body).encode()
    request = Request(address, data, {**headers, "Content-Type": "application/json", "User-Agent": "fieldguide"}, method=method)
    try:
        with _opener().open(request, timeout=_PATIENCE) as answer:
            return json.loads(answer.read()), answer.headers
    except HTTPError as error:
        raise Refused(f"{error.code} {error.reason}") from error
    except (URLError, HTTPException, OSError, ValueError) as error:
        raise Refused(str(error)) from error
