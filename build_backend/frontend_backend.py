"""setuptools' build backend, which also asks for Node and builds the bundles when ``frontend/`` is present."""

from setuptools.build_meta import *  # noqa: F403
