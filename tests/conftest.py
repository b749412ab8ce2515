"""For all tests: how long an example takes says nothing of the code while the machine does other things."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

settings.register_profile("whatever it takes", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("whatever it takes")
