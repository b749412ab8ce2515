"""Destination 5: signing in and out, by one-time codes and with identity providers, and being led over to the content's origin."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from werkzeug import Response

from tb_share.gateway.login.codes import CodeLogin
from tb_share.gateway.login.content import ContentLogin
from tb_share.gateway.login.providers import ProviderLogin
from tb_share.gateway.request_scope import RequestScope
from tb_share.model.project import Project
from tb_share.operations.desk import Desk
from tb_share.settings import Settings


def build(desk: Desk, projects: Mapping[str, Project], settings: Settings) -> Mapping[str, Callable[[RequestScope], Response]]:
    """The answers by route.

    Raises:
        SetUpError: a provider's settings cannot be used.
    """
    providers = ProviderLogin(desk, settings)
    login = CodeLogin(desk, settings, providers)
    content = ContentLogin(desk, settings, projects)
    return {
        "sign_in_page": login.sign_in_page,
        "sign_in_by_code": login.sign_in_by_code,
        "code_page": login.code_page,
        "use_code": login.use_code,
        "sign_out": login.sign_out,
        "begin_with_provider": providers.begin,
        "return_from_provider": providers.finish,
        "provider_signs_out": providers.sign_out_from_there,
        "begin_content": content.begin,
        "lead_over": content.lead_over,
        "enter_content": content.enter,
    }
