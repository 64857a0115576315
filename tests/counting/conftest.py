"""How random elections are drawn: the same ones each time, without a deadline."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "counting",
    max_examples=60,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("counting")
