"""publish: pages in, changed files and the site out. The only room that knows MkDocs."""

from generator.publish.building import BuiltSite, Means, build_html, get_ready
from generator.publish.files import Lazy, SiteError, UnsafeFolder, Written, alone, write_files
from generator.publish.server import Server
from generator.publish.single import article_alone
from generator.publish.site import refuse_unsafe, settings_files, site_address, site_configuration, write_configuration

__all__ = [
    "BuiltSite",
    "Lazy",
    "Means",
    "Server",
    "SiteError",
    "UnsafeFolder",
    "Written",
    "alone",
    "article_alone",
    "build_html",
    "get_ready",
    "refuse_unsafe",
    "settings_files",
    "site_address",
    "site_configuration",
    "write_configuration",
    "write_files",
]
