"""Destination 2: REST under /api/v1, one file a noun."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from werkzeug import Response

from tb_share.gateway.api.links import Links
from tb_share.gateway.api.members import Members
from tb_share.gateway.api.projects import Projects
from tb_share.gateway.api.tokens import Tokens
from tb_share.gateway.request_scope import RequestScope
from tb_share.model.project import Project
from tb_share.operations.desk import Desk
from tb_share.settings import Settings


def build(desk: Desk, projects: Mapping[str, Project], settings: Settings) -> Mapping[str, Callable[[RequestScope], Response]]:
    """The answers by route."""
    about_projects = Projects(projects, settings)
    links = Links(desk, settings)
    tokens = Tokens(desk)
    return {
        "me": about_projects.me,
        "projects": about_projects.everything,
        "project": about_projects.one,
        "links": links.everything,
        "create_link": links.create,
        "revoke_link": links.revoke,
        "revoke_all_links": links.revoke_all,
        "tokens": tokens.everything,
        "create_token": tokens.create,
        "revoke_token": tokens.revoke,
        "members": Members(desk).everything,
    }
