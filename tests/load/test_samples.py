"""Samples: each form gives its fields; what is not in its form says so; no text makes the reader fail otherwise."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generator.load.samples import SampleError, parse_sample

EVENT = """<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event">
  <System><Provider Name="P"/><EventID Qualifiers="0">7</EventID><Channel>C</Channel><Computer>H</Computer></System>
  {}
</Event>"""


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("xml", EVENT.format('<EventData><Data Name="A">1</Data><Data Name="B"/></EventData>'), {"A": "1", "B": ""}),
        (
            "xml",
            EVENT.format("<EventData><Data>one</Data><Data>two</Data><Binary>00</Binary></EventData>"),
            {"Data": "one", "Binary": "00"},
        ),
        ("xml", EVENT.format('<UserData><X xmlns="y"><Query>q</Query><User>u</User></X></UserData>'), {"Query": "q", "User": "u"}),
        (
            "json",
            '{"a": {"b": 1, "c": [{"d": true}, {"d": false}]}, "e": [], "f": null}',
            {"a.b": "1", "a.c.d": "true", "e": "[]", "f": ""},
        ),
        (
            "kv",
            'type=USER_CMD msg=\'cwd="/x" cmd=ls\' a0="b c" a1=',
            {"type": "USER_CMD", "msg": 'cwd="/x" cmd=ls', "cwd": "/x", "cmd": "ls", "a0": "b c", "a1": ""},
        ),
        (
            "w3c",
            "#Version: 1.0\n#Fields: date cs(User-Agent)\n2026-10-06 Mozilla/5.0+x\n",
            {"date": "2026-10-06", "cs(User-Agent)": "Mozilla/5.0+x"},
        ),
        ("zeek", "#separator \\x09\n#fields\tts\tid.orig_h\n1.5\t10.20.1.1\n", {"ts": "1.5", "id.orig_h": "10.20.1.1"}),
        ("csv", 'a,b\n"1,2",3\n', {"a": "1,2", "b": "3"}),
        ("tsv", "a\tb\n1 2\t3\n", {"a": "1 2", "b": "3"}),
        ("bash", "anything at all", {}),
    ],
)
def test_each_form_gives_its_fields(form: str, text: str, expected: dict[str, str]) -> None:
    found = parse_sample(form, text)
    system = {"EventID": "7", "Channel": "C", "Computer": "H", "Provider_Name": "P"} if form == "xml" else {}
    assert found == {**system, **expected}


def test_groups_of_a_pattern_stand_for_fields_with_other_characters() -> None:
    assert parse_sample("text", "10.20.1.1 GET", r"^(?P<c_ip>\S+) (?P<cs_method>\w+)", ("c-ip", "cs-method")) == {
        "c-ip": "10.20.1.1",
        "cs-method": "GET",
    }


@pytest.mark.parametrize(
    ("form", "text", "pattern", "why"),
    [
        ("xml", "<Event>", "", "cannot be read as xml"),
        ("xml", "<Event/>", "", "no System section"),
        ("xml", '<!DOCTYPE x [<!ENTITY a "b">]><Event/>', "", "no document type"),
        ("json", "[1]", "", "no JSON object"),
        ("json", "{", "", "cannot be read as json"),
        ("json", '{"a": ' + "9" * 5000 + "}", "", "cannot be read as json"),
        ("json", "[" * 200_000, "", "cannot be read as json"),
        ("w3c", "a b", "", "#Fields:"),
        ("w3c", "#Fields: a b\n1\n", "", "2 columns are named"),
        ("zeek", "a\tb", "", "#fields"),
        ("csv", "a,b", "", "a line of names"),
        ("csv", 'a,b\n"1', "", "cannot be read as csv"),
        ("text", "abc", "(?P<a>x)", "does not match"),
        ("text", "abc", "(", "no regular expression"),
    ],
)
def test_what_is_not_in_its_form_says_why(form: str, text: str, pattern: str, why: str) -> None:
    with pytest.raises(SampleError, match=why):
        parse_sample(form, text, pattern)


@given(st.sampled_from(["xml", "json", "kv", "w3c", "zeek", "csv", "tsv"]), st.text(max_size=80))
def test_any_text_is_fields_or_a_sample_error(form: str, text: str) -> None:
    try:
        found = parse_sample(form, text)
    except SampleError:
        return
    assert all(isinstance(value, str) for value in found.values())


@given(
    st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.dictionaries(st.text(), inner) | st.lists(inner))
)
def test_any_json_object_is_fields(value: object) -> None:
    assert isinstance(parse_sample("json", json.dumps({"root": value})), dict)
