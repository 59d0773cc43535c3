"""Where a new rule lies and how its file is called: the conventions of SigmaHQ's repository, as counted in it.

A file's name is made of small letters, digits and `_`, ten to ninety of them with the suffix; it begins with what the log source
is called there. tests/drafts compares the folders with those in which SigmaHQ's own rules lie.
"""

from __future__ import annotations

from collections.abc import Mapping

from generator.drafts.writing import word_slug
from generator.load.entries import LogSource

_LONGEST = 90
_SYSTEMS = {"windows": "win", "linux": "lnx", "macos": "macos"}
# Categories whose files are not called by the category's own name.
_CALLED = {
    "process_creation": "proc_creation", "process_access": "proc_access", "process_tampering": "proc_tampering",
    "network_connection": "net_connection", "ps_script": "posh_ps", "ps_module": "posh_pm", "wmi_event": "sysmon_wmi",
    "ps_classic_start": "posh_pc", "ps_classic_script": "posh_pc", "ps_classic_provider_start": "posh_pc",
    "sysmon_status": "sysmon", "sysmon_error": "sysmon",
}  # fmt: skip
# Those that only Windows has, so that their files do not name the system.
_ONE_SYSTEM = ("registry_", "posh_", "image_load", "pipe_created", "create_stream_hash", "sysmon")
_CATEGORY_FOLDERS = {
    "ps_script": "powershell/powershell_script", "ps_module": "powershell/powershell_module",
    "ps_classic_start": "powershell/powershell_classic", "ps_classic_script": "powershell/powershell_classic",
    "ps_classic_provider_start": "powershell/powershell_classic", "sysmon_status": "sysmon", "sysmon_error": "sysmon",
}  # fmt: skip
# Folder and beginning of the name by whole log source, where the rule of thumb below does not give them.
_KNOWN: Mapping[tuple[str, str, str], tuple[str, str]] = {
    ("windows", "", "sysmon"): ("windows/sysmon", "sysmon"),
    ("windows", "", "powershell"): ("windows/powershell/powershell_script", "posh_ps"),
    ("windows", "", "powershell-classic"): ("windows/powershell/powershell_classic", "posh_pc"),
    ("windows", "", "windefend"): ("windows/builtin/windefend", "win_defender"),
    ("windows", "", "codeintegrity-operational"): ("windows/builtin/code_integrity", "win_codeintegrity"),
    ("windows", "", "msexchange-management"): ("windows/builtin/msexchange", "win_exchange"),
    ("windows", "", "microsoft-servicebus-client"): ("windows/builtin/servicebus", "win_servicebus"),
    ("windows", "", "iis-configuration"): ("windows/builtin/iis-configuration", "win_iis"),
    ("windows", "", "smbserver-connectivity"): ("windows/builtin/smbserver/connectivity", "win_smbserver_connectivity"),
    ("windows", "", "diagnosis-scripted"): ("windows/builtin/diagnosis/scripted", "win_diagnosis_scripted"),
    ("windows", "", "terminalservices-localsessionmanager"): ("windows/builtin/terminalservices", "win_terminalservices"),
    ("linux", "", "auditd"): ("linux/auditd", "lnx_auditd"),
    ("azure", "", "auditlogs"): ("cloud/azure/audit_logs", "azure_auditlogs"),
    ("azure", "", "activitylogs"): ("cloud/azure/activity_logs", "azure_activitylogs"),
    ("azure", "", "signinlogs"): ("cloud/azure/signin_logs", "azure_signinlogs"),
    ("azure", "", "riskdetection"): ("cloud/azure/identity_protection", "azure_identity_protection"),
    ("azure", "", "pim"): ("cloud/azure/privileged_identity_management", "azure_pim"),
    ("gcp", "", "gcp.audit"): ("cloud/gcp/audit", "gcp_audit"),
    ("gcp", "", "google_workspace.admin"): ("cloud/gcp/gworkspace/admin", "gcp_gworkspace_admin"),
    ("gcp", "", "google_workspace.login"): ("cloud/gcp/gworkspace/login", "gcp_gworkspace_login"),
    ("cisco", "", "duo"): ("identity/cisco_duo", "cisco_duo"),
    ("okta", "", "okta"): ("identity/okta", "okta"),
    ("onelogin", "", "onelogin.events"): ("identity/onelogin", "onelogin"),
    ("fortigate", "", "event"): ("network/fortinet/fortigate", "fortinet_fortigate"),
    ("ruby_on_rails", "application", ""): ("application/ruby", "appframework_ruby_on_rails"),
    ("", "proxy", ""): ("web/proxy_generic", "proxy"),
    ("", "webserver", ""): ("web/webserver_generic", "web"),
    ("", "dns", ""): ("network/dns", "net_dns"),
    ("", "firewall", ""): ("network/firewall", "net_firewall"),
    ("", "antivirus", ""): ("category/antivirus", "av"),
    ("", "database", ""): ("category/database", "db"),
    ("", "", "apache"): ("web/product/apache", "web_apache"),
    ("", "", "nginx"): ("web/product/nginx", "web_nginx"),
}
_HOMES = {
    "aws": "cloud", "azure": "cloud", "gcp": "cloud", "m365": "cloud",
    "zeek": "network", "cisco": "network", "huawei": "network", "juniper": "network", "suricata": "network", "paloalto": "network",
    "github": "application", "bitbucket": "application", "kubernetes": "application",
}  # fmt: skip


def rule_place(source: LogSource, title: str) -> str:
    """The path of a new rule below a folder of rules, with `/` between its parts."""
    folder, beginning = _KNOWN.get(source.triple) or _thumb(source)
    return f"{folder}/{_file_name(beginning, title)}"


def _thumb(source: LogSource) -> tuple[str, str]:
    if source.product in _SYSTEMS:
        return _of_system(source)
    parts = [word_slug(part) for part in dict.fromkeys((source.product, source.service or source.category)) if part]
    if source.category == "application":
        parts = [word_slug(part) for part in (source.product, source.service) if part] or parts
        return f"application/{'/'.join(parts)}", "_".join(parts)
    folders = parts[:1] if source.product == "zeek" else parts
    home = _HOMES.get(source.product, "")
    return "/".join([*([home] if home else []), *folders]) or "other", "_".join(parts) or "rule"


def _of_system(source: LogSource) -> tuple[str, str]:
    system, short = source.product, _SYSTEMS[source.product]
    if source.category:
        called = _CALLED.get(source.category, source.category)
        beginning = called if called.startswith(_ONE_SYSTEM) else f"{called}_{short}"
        group = next((f"{name}/" for name in ("file", "registry") if system == "windows" and source.category.startswith(f"{name}_")), "")
        return f"{system}/{_CATEGORY_FOLDERS.get(source.category, group + word_slug(source.category))}", word_slug(beginning)
    service = word_slug(source.service)
    return "/".join(part for part in (system, "builtin", service) if part), "_".join(part for part in (short, service) if part)


def _file_name(beginning: str, title: str) -> str:
    stem = f"{beginning}_{word_slug(title) or 'rule'}"[: _LONGEST - len(".yml")].strip("_")
    return f"{stem if len(stem) + len('.yml') >= 10 else f'{stem}_rule'}.yml"
