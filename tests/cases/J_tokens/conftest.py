"""The team of the people's cases."""

from tests.cases.C_D_H_I_L_M_people.conftest import team  # noqa: F401 - a fixture
