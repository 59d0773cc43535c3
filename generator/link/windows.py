"""Which Windows channels and events a Sigma log source means: facts, as constants.

Source: SigmaHQ's log source tables (event ids and channels), completed by the channel names of pySigma's Windows pipelines. Where
these tables have the title that Event Viewer shows, or a provider, Windows' own name of the channel stands before it.
`file_access`, `file_rename` and a few others have no row there: no event of Windows or Sysmon is agreed on for them.
"""

from __future__ import annotations

# service -> its channels
SERVICES: dict[str, tuple[str, ...]] = {
    "application": ("Application",),
    "application-experience": (
        "Microsoft-Windows-Application-Experience/Program-Telemetry",
        "Microsoft-Windows-Application-Experience/Program-Compatibility-Assistant",
    ),
    "applocker": (
        "Microsoft-Windows-AppLocker/MSI and Script",
        "Microsoft-Windows-AppLocker/EXE and DLL",
        "Microsoft-Windows-AppLocker/Packaged app-Deployment",
        "Microsoft-Windows-AppLocker/Packaged app-Execution",
    ),
    "appmodel-runtime": ("Microsoft-Windows-AppModel-Runtime/Admin",),
    "appxdeployment-server": ("Microsoft-Windows-AppXDeploymentServer/Operational",),
    "appxpackaging-om": ("Microsoft-Windows-AppxPackaging/Operational",),
    "bitlocker": ("Microsoft-Windows-BitLocker/BitLocker Management",),
    "bits-client": ("Microsoft-Windows-Bits-Client/Operational",),
    "capi2": ("Microsoft-Windows-CAPI2/Operational",),
    "certificateservicesclient-lifecycle-system": (
        "Microsoft-Windows-CertificateServicesClient-Lifecycle-System/Operational",
    ),
    "codeintegrity-operational": ("Microsoft-Windows-CodeIntegrity/Operational",),
    "dhcp": ("Microsoft-Windows-DHCP-Server/Operational",),
    "diagnosis-scripted": ("Microsoft-Windows-Diagnosis-Scripted/Operational",),
    "dns-client": (
        "Microsoft-Windows-DNS-Client/Operational",
        "Microsoft-Windows-DNS Client Events/Operational",
    ),
    "dns-server": ("DNS Server",),
    "dns-server-analytic": (
        "Microsoft-Windows-DNSServer/Analytical",
        "Microsoft-Windows-DNS-Server/Analytical",
    ),
    "dns-server-audit": (
        "Microsoft-Windows-DNSServer/Audit",
        "Microsoft-Windows-DNS-Server/Audit",
    ),
    "driver-framework": ("Microsoft-Windows-DriverFrameworks-UserMode/Operational",),
    "firewall-as": ("Microsoft-Windows-Windows Firewall With Advanced Security/Firewall",),
    "hyper-v-worker": (
        "Microsoft-Windows-Hyper-V-Worker-Admin",
        "Microsoft-Windows-Hyper-V-Worker",
    ),
    "iis-configuration": ("Microsoft-IIS-Configuration/Operational",),
    "kernel-event-tracing": (
        "Microsoft-Windows-Kernel-EventTracing/Admin",
        "Microsoft-Windows-Kernel-EventTracing",
    ),
    "kernel-shimengine": (
        "Microsoft-Windows-Kernel-ShimEngine/Operational",
        "Microsoft-Windows-Kernel-ShimEngine/Diagnostic",
    ),
    "ldap": ("Microsoft-Windows-LDAP-Client/Debug",),
    "ldap_debug": ("Microsoft-Windows-LDAP-Client/Debug",),
    "lsa-server": ("Microsoft-Windows-LSA/Operational",),
    "microsoft-servicebus-client": (
        "Microsoft-ServiceBus-Client/Admin",
        "Microsoft-ServiceBus-Client/Operational",
        "Microsoft-ServiceBus-Client",
    ),
    "msexchange-management": ("MSExchange Management",),
    "ntfs": ("Microsoft-Windows-Ntfs/Operational",),
    "ntlm": ("Microsoft-Windows-NTLM/Operational",),
    "openssh": ("OpenSSH/Operational",),
    "powershell": (
        "Microsoft-Windows-PowerShell/Operational",
        "PowerShellCore/Operational",
    ),
    "powershell-classic": ("Windows PowerShell",),
    "printservice-admin": ("Microsoft-Windows-PrintService/Admin",),
    "printservice-operational": ("Microsoft-Windows-PrintService/Operational",),
    "security": ("Security",),
    "security-mitigations": (
        "Microsoft-Windows-Security-Mitigations/KernelMode",
        "Microsoft-Windows-Security-Mitigations/UserMode",
        "Microsoft-Windows-Security-Mitigations/Kernel Mode",
        "Microsoft-Windows-Security-Mitigations/User Mode",
    ),
    "sense": ("Microsoft-Windows-SENSE/Operational",),
    "servicebus-client": (
        "Microsoft-ServiceBus-Client/Admin",
        "Microsoft-ServiceBus-Client/Operational",
    ),
    "shell-core": ("Microsoft-Windows-Shell-Core/Operational",),
    "smbclient-connectivity": ("Microsoft-Windows-SmbClient/Connectivity",),
    "smbclient-security": ("Microsoft-Windows-SmbClient/Security",),
    "smbserver-connectivity": ("Microsoft-Windows-SMBServer/Connectivity",),
    "sysmon": ("Microsoft-Windows-Sysmon/Operational",),
    "system": ("System",),
    "taskscheduler": ("Microsoft-Windows-TaskScheduler/Operational",),
    "terminalservices-localsessionmanager": ("Microsoft-Windows-TerminalServices-LocalSessionManager/Operational",),
    "vhdmp": ("Microsoft-Windows-VHDMP-Operational", "Microsoft-Windows-VHDMP/Operational"),
    "windefend": ("Microsoft-Windows-Windows Defender/Operational",),
    "winrm": ("Microsoft-Windows-WinRM/Operational",),
    "wmi": ("Microsoft-Windows-WMI-Activity/Operational",),
}

# What the log source tables, and rules made from them, call a channel (in lower case): Windows' own name of it.
CHANNELS: dict[str, str] = {
    "microsoft-servicebus-client": "Microsoft-ServiceBus-Client/Operational",
    "microsoft-windows-dns client events/operational": "Microsoft-Windows-DNS-Client/Operational",
    "microsoft-windows-dns-server/analytical": "Microsoft-Windows-DNSServer/Analytical",
    "microsoft-windows-dns-server/audit": "Microsoft-Windows-DNSServer/Audit",
    "microsoft-windows-hyper-v-worker": "Microsoft-Windows-Hyper-V-Worker-Admin",
    "microsoft-windows-kernel-eventtracing": "Microsoft-Windows-Kernel-EventTracing/Admin",
    "microsoft-windows-security-mitigations/kernel mode": "Microsoft-Windows-Security-Mitigations/KernelMode",
    "microsoft-windows-security-mitigations/user mode": "Microsoft-Windows-Security-Mitigations/UserMode",
    "microsoft-windows-vhdmp/operational": "Microsoft-Windows-VHDMP-Operational",
}

# category -> alternatives: (service, the event ids that are parts of this alternative)
CATEGORIES: dict[str, tuple[tuple[str, tuple[int, ...]], ...]] = {
    "process_creation": (
        ("sysmon", (1,)),
        ("security", (4688,)),
    ),
    "file_change": (("sysmon", (2,)),),
    "network_connection": (("sysmon", (3,)),),
    "sysmon_status": (("sysmon", (4, 16)),),
    "process_termination": (("sysmon", (5,)),),
    "driver_load": (("sysmon", (6,)),),
    "image_load": (("sysmon", (7,)),),
    "create_remote_thread": (("sysmon", (8,)),),
    "raw_access_thread": (("sysmon", (9,)),),
    "process_access": (("sysmon", (10,)),),
    "file_event": (("sysmon", (11,)),),
    "registry_event": (("sysmon", (12, 13, 14)),),
    "registry_add": (("sysmon", (12,)),),
    "registry_delete": (("sysmon", (12,)),),
    "registry_set": (("sysmon", (13,)),),
    "registry_rename": (("sysmon", (14,)),),
    "create_stream_hash": (("sysmon", (15,)),),
    "pipe_created": (("sysmon", (17, 18)),),
    "wmi_event": (("sysmon", (19, 20, 21)),),
    "dns_query": (("sysmon", (22,)),),
    "file_delete": (("sysmon", (23,)),),
    "clipboard_change": (("sysmon", (24,)),),
    "clipboard_capture": (("sysmon", (24,)),),
    "process_tampering": (("sysmon", (25,)),),
    "file_delete_detected": (("sysmon", (26,)),),
    "file_block_executable": (("sysmon", (27,)),),
    "file_block_shredding": (("sysmon", (28,)),),
    "file_executable_detected": (("sysmon", (29,)),),
    "sysmon_error": (("sysmon", (255,)),),
    "ps_module": (("powershell", (4103,)),),
    "ps_script": (("powershell", (4104,)),),
    "ps_classic_start": (("powershell-classic", (400,)),),
    "ps_classic_provider_start": (("powershell-classic", (600,)),),
    "ps_classic_script": (("powershell-classic", (800,)),),
}

# What every Windows event has, with the names that rules use for it: the values of its System section, by the event schema, and
# the section of its data, in which rules search as text.
SYSTEM_FIELDS = (
    "EventID", "Version", "Channel", "Provider_Name", "ProviderName", "Provider", "Provider_Guid", "Computer", "ComputerName",
    "Hostname", "Security_UserID", "Level", "Task", "Opcode", "Keywords", "EventRecordID", "TimeCreated", "EventData", "UserData",
)
