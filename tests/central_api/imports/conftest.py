"""The office of the store's tests."""

from tests.central_api.store.conftest import CHAIN, Clock, clock, office

__all__ = ["CHAIN", "Clock", "clock", "office"]
