"""publish: pages in, changed files and the site out. The only room that knows MkDocs."""

from generator.publish.files import UnsafeFolder, Written, write_files
from generator.publish.headers import write_headers
from generator.publish.site import SiteError, build_html, mark, refuse_unsafe, site_address, site_configuration, write_configuration

__all__ = [
    "SiteError",
    "UnsafeFolder",
    "Written",
    "build_html",
    "mark",
    "refuse_unsafe",
    "site_address",
    "site_configuration",
    "write_configuration",
    "write_files",
    "write_headers",
]
