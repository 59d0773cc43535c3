"""The names of a field: what is one field under several names, and what is not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.load.entries import DataNeeded
from generator.load.field_names import plain, spellings

ENTRY = DataNeeded(
    id="DN_1",
    title="t",
    platform="Windows",
    fields=("TargetUserName", "Provider_Name", "ProviderName", "Severity ID", "cs(User-Agent)", "requestParameters", "id.resp_p"),
    aliases={"cs-user-agent": "cs(User-Agent)"},
)


@pytest.mark.parametrize(
    ("asked", "own"),
    [
        ("TargetUserName", "TargetUserName"),
        ("targetusername", "TargetUserName"),
        ("Target_User_Name", "TargetUserName"),
        ("Provider_Name", "Provider_Name"),
        ("providername", "ProviderName"),
        ("EventData.TargetUserName", "TargetUserName"),
        ("winlog.event_data.TargetUserName", "TargetUserName"),
        ("UserData.TargetUserName", "TargetUserName"),
        ("SeverityID", "Severity ID"),
        ("cs-user-agent", "cs(User-Agent)"),
        ("user_agent.original", "cs(User-Agent)"),
        ("requestParameters.userName", "requestParameters"),
        ("requestParameters.userName.inner", "requestParameters"),
        ("destination.port", "id.resp_p"),
        ("destination_port", "id.resp_p"),
        ("zeek.conn.id.resp_p", "id.resp_p"),
        ("TargetUserSid", ""),
        ("userName", ""),
        ("Severity", ""),
        ("request", ""),
        ("source.port", ""),
        ("EventData", ""),
    ],
)
def test_an_event_has_a_field_by_any_of_its_names(asked: str, own: str) -> None:
    assert ENTRY.own_name(asked) == own
    assert ENTRY.provides(asked) is bool(own)


@given(st.text(min_size=1, max_size=20), st.sampled_from(["EventData.", "winlog.event_data.", "UserData_", "System."]))
def test_place_case_and_signs_do_not_count(name: str, place: str) -> None:
    bare = plain(name)
    assert plain(place + "x" + name) == plain("x" + name)
    assert spellings(name)[0] == bare
