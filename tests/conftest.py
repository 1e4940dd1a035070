"""What all tests share."""

from hypothesis import settings

# A busy machine is slow at times, which is no failure.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
