"""The dock: a local page where anyone plays visitor and saboteur at a terminal that is not in service."""
