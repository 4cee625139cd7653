"""For every test: hypothesis judges no example by a clock, because no test asserts how long something takes."""

from hypothesis import HealthCheck, settings

settings.register_profile("no clock", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("no clock")
