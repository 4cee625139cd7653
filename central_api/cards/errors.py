"""The errors of this package's parsers: they raise nothing else, whatever bytes they are given."""


class NotAsStandard(ValueError):
    """Bytes that no document of ICAO 9303 holds. The message names the rule, never the value."""


class NotSupported(ValueError):
    """A scheme or key that this office does not judge: nothing is proved, and nobody is accused."""
