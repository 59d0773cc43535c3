"""One field under the several names that rules call it by.

Names of one event that differ in case, blanks and signs alone mean one field (`Severity ID`, `SeverityID`, `severity_id`), and so
does a name with its place in the event before it (`EventData.TargetUserName`, `winlog.event_data.TargetUserName`). The names of
other public schemas are a table. Sources: Sigma's taxonomy; the field reference of the Elastic Common Schema, the Windows and Zeek
modules of its shippers; the Web data model of Splunk's Common Information Model. A name that no published schema has is not here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

# What stands before a field's own name: the section of a Windows event, by the shippers' names too, or the Zeek log.
_PLACE = re.compile(
    r"(?:(?:winlog|event)[._])?(?:event_?data|user_?data|event_?xml|system)[._](?=.)"
    r"|zeek[._](?:connection|conn|dce_rpc|dns|files|http|kerberos|notice|ntlm|rdp|smb_files|smb_mapping|ssh|ssl|x509)[._](?=.)",
    re.IGNORECASE,
)
_SIGNS = re.compile(r"[\W_]+")

# A name of another schema, or of another log in Sigma's taxonomy: the names of Sigma, or of the log, that it can stand for.
_OF_SCHEMAS: Mapping[str, tuple[str, ...]] = {
    "process.executable": ("Image",),
    "process.command_line": ("CommandLine",),
    "process.working_directory": ("CurrentDirectory",),
    "process.pid": ("ProcessId",),
    "process.entity_id": ("ProcessGuid",),
    "process.pe.original_file_name": ("OriginalFileName",),
    "process.pe.company": ("Company",),
    "process.pe.description": ("Description",),
    "process.pe.product": ("Product",),
    "process.pe.file_version": ("FileVersion",),
    "process.parent.executable": ("ParentImage",),
    "process.parent.command_line": ("ParentCommandLine",),
    "process.parent.pid": ("ParentProcessId",),
    "file.path": ("TargetFilename", "ImageLoaded", "path"),
    "file.name": ("name", "filename"),
    "dll.path": ("ImageLoaded",),
    "registry.path": ("TargetObject",),
    "registry.data.strings": ("Details",),
    "source.ip": ("SourceIp", "c-ip", "id.orig_h", "src_ip"),
    "source.port": ("SourcePort", "id.orig_p", "src_port"),
    "source.domain": ("SourceHostname",),
    "destination.ip": ("DestinationIp", "id.resp_h", "dst_ip"),
    "destination.port": ("DestinationPort", "id.resp_p", "dst_port"),
    "destination.domain": ("DestinationHostname",),
    "dns.question.name": ("QueryName", "query"),
    "host.name": ("Computer",),
    "event.code": ("EventID",),
    "winlog.event_id": ("EventID",),
    "winlog.channel": ("Channel",),
    "winlog.provider_name": ("Provider_Name",),
    "winlog.computer_name": ("Computer",),
    "url.original": ("c-uri", "uri"),
    "url.full": ("c-uri",),
    "url.path": ("cs-uri-stem",),
    "url.query": ("cs-uri-query",),
    "url.domain": ("cs-host",),
    "http.request.method": ("cs-method", "method"),
    "http.request.referrer": ("cs-referer", "referrer"),
    "http.response.status_code": ("sc-status", "status_code"),
    "user_agent.original": ("cs-user-agent", "c-useragent", "user_agent"),
    "http_method": ("cs-method",),
    "http_user_agent": ("cs-user-agent", "c-useragent"),
    "http_referrer": ("cs-referer",),
    "uri_path": ("cs-uri-stem",),
    "uri_query": ("cs-uri-query",),
    "c-useragent": ("cs-user-agent",),
    "c-uri-stem": ("cs-uri-stem",),
    "c-uri-query": ("cs-uri-query",),
}


@cache
def plain(name: str) -> str:
    """A field's name without its place in the event, case, blanks and signs: names with the same plain name mean one field."""
    return _SIGNS.sub("", _PLACE.sub("", name, count=1) if _PLACE.match(name) else name).lower()


@cache
def spellings(name: str) -> tuple[str, ...]:
    """The plain names by which an event may have a field that a rule names: its own first, then those of other schemas."""
    return (plain(name), *(plain(meant) for meant in _plain_schemas().get(plain(name), ())))


@cache
def _plain_schemas() -> Mapping[str, tuple[str, ...]]:
    return {plain(name): meant for name, meant in _OF_SCHEMAS.items()}
