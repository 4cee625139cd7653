"""The self-test: what works on this terminal, part by part, and what to do about the rest.

Checks are plain functions that end by a deadline and return a Finding; the touch screen (`python -m kiosk selftest`)
and the command line (`python -m provisioning selftest`) ask the same ones, through `Bench`.
"""
