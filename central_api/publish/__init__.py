"""Publishing: from the event log to the audit chain, the sealed statuses and the feed, in commit order."""

from .feed import feed_page, snapshot_parts
from .publisher import Published, chain_end, publish_pending

__all__ = ["Published", "chain_end", "feed_page", "publish_pending", "snapshot_parts"]
