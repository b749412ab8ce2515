"""The whole map of addresses, printed once more: a new line here is a decision. ``python -m tests.architecture.test_route_map`` prints it."""

from __future__ import annotations

from pathlib import Path

from tb_share.gateway.routes import ROUTES
from tb_share.policy.actions import WORKSPACE_ACTIONS, Action

SNAPSHOT = Path(__file__).with_name("route_map.txt")


def printed() -> str:
    lines = [f"{' '.join(sorted(each.methods)):<14} {each.pattern:<44} {each.action:<17} {each.destination}.{each.name}" for each in ROUTES]
    return "\n".join(lines) + "\n"


def test_the_map_is_as_it_was_agreed():
    assert printed() == SNAPSHOT.read_text("utf-8")


def test_S_ROLE_1_every_route_names_its_action():
    assert {type(route.action) for route in ROUTES} == {Action}


def test_whoever_changes_something_says_so_by_the_method():
    changing = {
        "annotate",
        "change_note",
        "delete_note",
        "write_note",
        "star",
        "unstar",
        "save_view",
        "change_view",
        "delete_view",
        "sign_out",
        "exchange",
        "use_code",
        "sign_in_by_code",
        "create_link",
        "revoke_link",
        "revoke_all_links",
        "provider_signs_out",
        "create_token",
        "revoke_token",
        "end_session",
        "end_other_sessions",
        "begin_device",
        "take_device_token",
        "look_at_device",
        "decide_device",
        "change_person",
        "invite",
        "withdraw_invitation",
        "leave",
        "change_role",
        "remove_member",
        "set_openness",
    }
    assert {route.name for route in ROUTES if not route.methods & {"GET", "HEAD"}} == changing


def test_a_project_in_the_address_and_an_action_on_a_project_go_together():
    assert [route.pattern for route in ROUTES if ("{project}" in route.pattern) == (route.action in WORKSPACE_ACTIONS)] == []


def test_every_name_is_one_functions():
    names = [(route.destination, route.name) for route in ROUTES]
    assert len(set(names)) == len(names)


if __name__ == "__main__":
    print(printed(), end="")
