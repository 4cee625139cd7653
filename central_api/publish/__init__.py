"""Publishing: from the event log to the audit chain, the sealed statuses and the feed, in commit order."""

from .books import write_books
from .feed import content_file, feed_page, snapshot_file, snapshot_parts
from .publisher import Published, chain_end, publish_pending
from .renewal import publish_all, renew_some, renewals_due
from .verify import Broken, Intact, audit_verify

__all__ = [
    "Broken",
    "Intact",
    "Published",
    "audit_verify",
    "chain_end",
    "content_file",
    "feed_page",
    "publish_all",
    "publish_pending",
    "renew_some",
    "renewals_due",
    "snapshot_file",
    "snapshot_parts",
    "write_books",
]
