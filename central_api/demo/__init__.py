"""The demo's data: believable, invented, and reached by the office's own acts alone."""

from .build import DemoSummary, build_demo

__all__ = ["DemoSummary", "build_demo"]
