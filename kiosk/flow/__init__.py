"""The visit as a state machine: events in, state and effects out. Knows no toolkit, no device, no network, no clock."""

from .visit import Flow

__all__ = ["Flow"]
