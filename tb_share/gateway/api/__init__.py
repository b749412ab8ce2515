"""Destination 2: REST under /api/v1, one file a noun."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pydantic import BaseModel
from werkzeug import Response

from tb_share.gateway.api.audit import Audit
from tb_share.gateway.api.devices import DecisionBody, DeviceCodeBody, Devices, NewDeviceBody, UserCodeBody
from tb_share.gateway.api.links import Links, NewLinkBody
from tb_share.gateway.api.members import InvitationBody, Members, RoleBody
from tb_share.gateway.api.people import People, PersonBody
from tb_share.gateway.api.projects import OpennessBody, Projects
from tb_share.gateway.api.remarks import AnnotationBody, NoteBody, NoteChangeBody, Remarks
from tb_share.gateway.api.sessions import Sessions
from tb_share.gateway.api.tokens import NewTokenBody, Tokens
from tb_share.gateway.api.views import NewViewBody, ViewChangeBody, Views
from tb_share.gateway.request_scope import RequestScope
from tb_share.model.project import Project, Visibility
from tb_share.operations.desk import Desk
from tb_share.settings import Settings

BODIES: Mapping[str, type[BaseModel]] = {
    "create_token": NewTokenBody,
    "begin_device": NewDeviceBody,
    "take_device_token": DeviceCodeBody,
    "look_at_device": UserCodeBody,
    "decide_device": DecisionBody,
    "change_person": PersonBody,
    "create_link": NewLinkBody,
    "annotate": AnnotationBody,
    "write_note": NoteBody,
    "change_note": NoteChangeBody,
    "save_view": NewViewBody,
    "change_view": ViewChangeBody,
    "invite": InvitationBody,
    "change_role": RoleBody,
    "set_openness": OpennessBody,
}
"""What routes are sent, by name; those that are not here are sent nothing."""


def build(
    desk: Desk, projects: Mapping[str, Project], settings: Settings, visibility: Callable[[str], Visibility]
) -> Mapping[str, Callable[[RequestScope], Response]]:
    """The answers by route."""
    about_projects = Projects(desk, projects, settings, visibility)
    links = Links(desk, settings)
    tokens = Tokens(desk)
    sessions = Sessions(desk, settings)
    devices = Devices(desk, settings)
    members = Members(desk, settings)
    people = People(desk, settings)
    audit = Audit(desk)
    about_experiments = Remarks(desk)
    saved = Views(desk)
    return {
        "me": about_projects.me,
        "projects": about_projects.everything,
        "project": about_projects.one,
        "set_openness": about_projects.set_openness,
        "links": links.everything,
        "create_link": links.create,
        "revoke_link": links.revoke,
        "revoke_all_links": links.revoke_all,
        "tokens": tokens.everything,
        "create_token": tokens.create,
        "revoke_token": tokens.revoke,
        "sessions": sessions.everything,
        "end_session": sessions.end,
        "end_other_sessions": sessions.end_others,
        "begin_device": devices.begin,
        "take_device_token": devices.take,
        "look_at_device": devices.look,
        "decide_device": devices.decide,
        "annotations": about_experiments.everything,
        "annotate": about_experiments.annotate,
        "star": about_experiments.star,
        "unstar": about_experiments.unstar,
        "notes": about_experiments.notes,
        "write_note": about_experiments.write_note,
        "change_note": about_experiments.change_note,
        "delete_note": about_experiments.delete_note,
        "views": saved.everything,
        "save_view": saved.save,
        "change_view": saved.change,
        "delete_view": saved.delete,
        "members": members.everything,
        "invite": members.invite,
        "withdraw_invitation": members.withdraw,
        "change_role": members.change_role,
        "remove_member": members.remove,
        "leave": members.leave,
        "people": people.everybody,
        "change_person": people.change,
        "settings": people.in_force,
        "audit": audit.everything,
        "project_audit": audit.of_project,
    }
