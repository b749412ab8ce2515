"""What people say of experiments, in a browser: names, tags, stars, notes, the archive; two at once lose nothing; guests see none of it."""

from __future__ import annotations

import json
import os
import re

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import LOGDIR, accessible, panel_of
from tests.e2e.stack.test_journeys import TAB, experiments, inject_axe, rows_of
from tests.running_serve import serving

NAME = "resnet_small_lr1e-3_bs64_2026-11-02T11-40"
DRAFTED = "resnet_medium_lr3e-4_bs32_2026-11-03T10-02"
CONTESTED = "test_2026-11-05T16-33"
HOSTILE = "<img src=x onerror='window.top.HIT=1'> <script>window.top.HIT=1</script>"
WIDER = """() => [...document.querySelectorAll('body *')].filter((each) => each.getBoundingClientRect().right > innerWidth + 1
  && document.documentElement.scrollWidth > innerWidth).map((each) => each.outerHTML.slice(0, 120))"""
JSON = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}


@pytest.fixture(scope="module")
def serve(tmp_path_factory):
    with serving(tmp_path_factory.mktemp("data"), [f"--logdir=orient={LOGDIR}"]) as running:
        yield running


@pytest.fixture
def join(browser, serve):
    """Somebody else, with a browser of their own."""
    contexts = []

    def joining(email, role):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        contexts.append(context)
        page = context.new_page()
        page.goto(serve.command("member", "add", email, "--project", "orient", "--role", role).strip())
        page.get_by_role("button", name="Sign in").click()
        page.get_by_text(f"You are {role}.").or_(page.get_by_text("open TensorBoard").first).first.wait_for()
        return page

    yield joining
    for context in contexts:
        context.close()


def about(page, base, name=NAME):
    frame = experiments(page, base)
    frame.get_by_role("button", name=name, exact=True).click()
    frame.get_by_role("heading", name="Notes").wait_for()
    return frame


def said(page, base):
    """All that is said, by experiment."""
    known = page.request.get(f"{base}/api/v1/projects/orient/experiments").json()["experiments"]
    return {each["experiment"]: each for each in known}


def id_in(page):
    return re.search(r"p\.tb_share\.experiment=([^&]*)", page.url)[1]


def inner(page):
    frame = panel_of(page)
    inject_axe(frame)
    return frame


def test_tags_become_a_column_and_notes_are_written_changed_and_resolved(page, serve):
    frame = about(page, serve.base)
    frame.get_by_role("button", name="Add tags").click()
    frame.get_by_label("Tags, separated by commas").fill("best, candidate")
    frame.get_by_role("button", name="Save").click()
    frame.get_by_text("candidate", exact=True).wait_for()
    frame.get_by_role("button", name="Describe it").click()
    frame.get_by_label("Description").fill(f"**Bold** and [paper](https://example.org/p) {HOSTILE}")
    frame.get_by_role("button", name="Save").click()
    section = frame.get_by_role("region", name="About")
    assert section.locator("strong").inner_text() == "Bold"
    link = section.get_by_role("link", name="paper")
    assert (link.get_attribute("rel"), link.get_attribute("target")) == ("noopener noreferrer", "_top")
    assert HOSTILE in section.inner_text()
    frame.get_by_label("A note").fill(f"look at epoch 7 {HOSTILE}")
    frame.get_by_role("button", name="Add", exact=True).click()
    note = frame.locator(".notes li").first
    note.get_by_role("button", name="Change").click()
    note.get_by_label("Your note").fill(f"look at epoch 8 {HOSTILE}")
    note.get_by_role("button", name="Save").click()
    note.get_by_text("changed since").wait_for()
    note.get_by_role("button", name="Resolve").click()
    note.get_by_text("resolved by").wait_for()
    assert f"look at epoch 8 {HOSTILE}" in note.inner_text()
    assert accessible(inner(page)) == []
    frame.get_by_role("button", name="All experiments").click()
    frame.get_by_label("Filter", exact=True).fill("candidate")
    frame.get_by_text("1 of 12 experiments").wait_for()
    frame.get_by_role("gridcell", name="best, candidate").wait_for()
    assert page.evaluate("window.HIT") is None


def test_a_name_stands_in_the_table_and_the_path_still_finds_it(page, serve):
    path = "mobilenet_small_lr1e-3_bs32_2026-11-05T10-20"
    frame = about(page, serve.base, path)
    frame.get_by_role("button", name="Give it a name").click()
    frame.get_by_label("Name").fill(f"The small one {HOSTILE}")
    frame.get_by_label("Name").press("Enter")
    frame.get_by_role("heading", name="The small one").wait_for()
    frame.get_by_text(path, exact=True).wait_for()
    frame.get_by_role("button", name="All experiments").click()
    shown = frame.get_by_role("button", name="The small one")
    shown.wait_for()
    assert path in shown.locator("..").get_attribute("title")
    frame.get_by_label("Filter", exact=True).fill("bs32_2026-11-05T10-20")
    frame.get_by_text("1 of 12 experiments").wait_for()
    shown.click()
    frame.get_by_role("button", name="Rename").click()
    frame.get_by_label("Name").fill("")
    frame.get_by_role("button", name="Save").click()
    frame.get_by_role("heading", name=path).wait_for()
    assert page.evaluate("window.HIT") is None


def test_a_star_is_ones_own_and_the_filter_finds_it(page, serve, join):
    frame = experiments(page, serve.base)
    with page.expect_response(re.compile("/star$")):
        rows_of(frame).filter(has_text=NAME).get_by_role("button", name="Star", exact=True).click()
    frame.locator("button.star[aria-pressed=true]").wait_for()
    frame.get_by_label("Filter", exact=True).fill("starred=yes")
    frame.get_by_text("1 of 12 experiments").wait_for()
    grid = frame.get_by_role("grid")
    grid.focus()
    for key in ("ArrowDown", "ArrowRight"):
        grid.press(key)
    with page.expect_response(re.compile("/star$")):
        grid.press("Enter")
    frame.get_by_text("No experiment matches.").wait_for()
    frame.get_by_label("Filter", exact=True).fill("")
    frame.get_by_role("button", name=NAME, exact=True).click()
    with page.expect_response(re.compile("/star$")):
        frame.get_by_role("button", name="Star", exact=True).click()
    frame.locator("button.star[aria-pressed=true]").wait_for()
    other = join("vera@good.test", "viewer")
    frame = experiments(other, serve.base)
    frame.get_by_role("button", name="Star", exact=True).first.wait_for()
    expect(frame.locator("button.star[aria-pressed=true]")).to_have_count(0)


def test_two_people_describe_the_same_and_nobodys_text_is_lost(page, serve, join):
    other = join("carl@good.test", "contributor")
    frames = [about(each, serve.base, CONTESTED) for each in (page, other)]
    for frame, text in zip(frames, ("mine", "theirs"), strict=True):
        frame.get_by_role("button", name="Describe it").click()
        frame.get_by_label("Description").fill(text)
    frames[1].get_by_role("button", name="Save").click()
    frames[1].get_by_role("button", name="Change the description").wait_for()
    frames[0].get_by_role("button", name="Save").click()
    frames[0].locator(".conflict pre").get_by_text("theirs", exact=True).wait_for()
    assert accessible(inner(page)) == []
    assert frames[0].get_by_label("Description").input_value() == "mine"
    assert said(page, serve.base)[id_in(page)]["description"] == "theirs"
    frames[0].get_by_label("Description").fill("theirs and mine")
    frames[0].get_by_role("button", name="Save mine over theirs").click()
    frames[0].get_by_text("theirs and mine").wait_for()
    assert said(page, serve.base)[id_in(page)]["description"] == "theirs and mine"


def test_what_two_people_change_of_different_parts_both_holds_without_a_question(page, serve, join):
    other = join("dora@good.test", "contributor")
    frames = [about(each, serve.base, "resnet_large_lr1e-3_bs16_2026-11-04T09-08") for each in (page, other)]
    frames[0].get_by_role("button", name="Describe it").click()
    frames[0].get_by_label("Description").fill("why it matters")
    frames[1].get_by_role("button", name="Add tags").click()
    frames[1].get_by_label("Tags").fill("theirs")
    frames[1].get_by_role("button", name="Save").click()
    frames[1].get_by_text("theirs", exact=True).wait_for()
    frames[1].get_by_role("button", name="Archive", exact=True).click()
    frames[1].get_by_role("button", name="Take out of the archive").wait_for()
    frames[0].get_by_role("button", name="Save").click()
    frames[0].get_by_role("button", name="Change the description").wait_for()
    known = said(page, serve.base)[id_in(page)]
    assert (known["description"], known["tags"], known["archived"]) == ("why it matters", ["theirs"], True)
    frames[0].get_by_role("button", name="Take out of the archive").click()
    frames[0].get_by_role("button", name="Archive", exact=True).wait_for()


def test_a_note_that_its_author_edits_in_two_places_loses_nothing(page, serve, browser, state):
    context = browser.new_context(storage_state=state, viewport={"width": 1280, "height": 900})
    elsewhere = context.new_page()
    frame = about(page, serve.base, CONTESTED)
    frame.get_by_label("A note").fill("first words")
    frame.get_by_role("button", name="Add", exact=True).click()
    frame.locator(".notes").get_by_text("first words").wait_for()
    frames = [frame, about(elsewhere, serve.base, CONTESTED)]
    for each, text in zip(frames, ("written here", "written there"), strict=True):
        each.locator(".notes").get_by_role("button", name="Change").click()
        each.get_by_label("Your note").fill(text)
    frames[1].get_by_role("button", name="Save").click()
    frames[1].locator(".notes").get_by_text("written there").wait_for()
    frames[0].get_by_role("button", name="Save").click()
    frames[0].locator(".conflict").get_by_text("written there").wait_for()
    assert frames[0].get_by_label("Your note").input_value() == "written here"
    frames[0].get_by_role("button", name="Keep theirs").click()
    frames[0].locator(".notes").get_by_text("written there").wait_for()
    context.close()


def test_what_somebody_writes_into_a_note_that_another_deletes_goes_on_as_a_new_one(page, serve, join):
    frame = about(join("dan@good.test", "contributor"), serve.base, CONTESTED)
    frame.get_by_label("A note").fill("said too early")
    frame.get_by_role("button", name="Add", exact=True).click()
    note = frame.locator(".notes li", has_text="said too early")
    note.get_by_role("button", name="Change").click()
    frame.get_by_label("Your note").fill("said better")
    frame.get_by_label("A note").fill("and something else")
    owners = about(page, serve.base, CONTESTED).locator(".notes li", has_text="said too early")
    owners.get_by_role("button", name="Delete").click()
    owners.wait_for(state="detached")
    frame.get_by_role("button", name="Save", exact=True).click()
    frame.get_by_role("status").get_by_text("was deleted meanwhile").wait_for()
    assert frame.get_by_label("A note").input_value() == "and something else\n\nsaid better"
    frame.get_by_role("button", name="Add", exact=True).click()
    frame.locator(".notes").get_by_text("said better").wait_for()
    assert frame.get_by_label("A note").input_value() == ""


def test_signing_in_again_leads_back_to_what_somebody_was_writing(serve, join):
    page = join("eve@good.test", "contributor")
    frame = about(page, serve.base, CONTESTED)
    frame.get_by_label("A note").fill("a long thought")
    here = page.url
    page.context.clear_cookies()
    frame.get_by_role("button", name="Add", exact=True).click()
    with page.expect_navigation(url=re.compile("/login")):
        frame.get_by_role("button", name="Sign in").click()
    page.get_by_label("Address or code").fill(
        serve.command("member", "add", "eve@good.test", "--project", "orient", "--role", "contributor").strip()
    )
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(here)
    again = page.frame_locator(TAB)
    again.get_by_role("heading", name="Notes").wait_for(timeout=60_000)
    expect(again.get_by_label("A note")).to_have_value("a long thought")


def test_what_is_archived_is_out_of_sight_and_undone_by_keyboard(page, serve):
    frame = about(page, serve.base, "mobilenet_small_lr1e-3_bs32_2026-11-05T10-20")
    frame.get_by_role("button", name="Archive", exact=True).click()
    frame.get_by_role("status").get_by_text("Archived.").wait_for()
    frame.get_by_role("button", name="All experiments").click()
    frame.get_by_text("11 experiments").wait_for()
    frame.get_by_role("button", name="Show 1 archived").click()
    frame.get_by_text("12 experiments").wait_for()
    expect(rows_of(frame)).to_have_count(12)
    frame.get_by_role("columnheader", name="Archived").wait_for()
    again = page.context.new_page()
    again.goto(page.url)
    again.frame_locator(TAB).get_by_role("button", name="Hide 1 archived").wait_for(timeout=60_000)
    again.close()
    frame.get_by_role("button", name="Undo").press("Enter")
    frame.get_by_text("Undone.").wait_for()
    frame.get_by_role("button", name="1 archived").wait_for(state="detached")


def test_a_deleted_note_comes_back(page, serve):
    frame = about(page, serve.base, DRAFTED)
    frame.get_by_label("A note").fill("look at epoch 9")
    frame.get_by_role("button", name="Add", exact=True).click()
    note = frame.locator(".notes li")
    written = note.inner_text()
    note.get_by_role("button", name="Delete").click()
    note.wait_for(state="detached")
    frame.get_by_role("status").get_by_text("Note deleted.").wait_for()
    page.keyboard.press("Control+z")
    frame.get_by_text("Undone.").wait_for()
    note.wait_for()
    assert note.inner_text() == written


def test_neither_back_nor_a_reload_loses_what_somebody_was_writing(page, serve):
    frame = about(page, serve.base, DRAFTED)
    frame.get_by_label("A note").fill("a thought of a note")
    frame.get_by_role("button", name="Describe it").click()
    frame.get_by_label("Description").fill("a thought of a description")
    page.go_back()
    frame.get_by_role("grid").wait_for()
    about_it = frame.get_by_role("button", name=NAME, exact=True)
    about_it.click()
    frame.get_by_role("heading", name=NAME).wait_for()
    assert frame.get_by_label("A note").input_value() == ""
    page.go_back()
    frame.get_by_role("button", name=DRAFTED, exact=True).click()
    frame.get_by_label("Description").wait_for()
    page.reload()
    again = page.frame_locator(TAB)
    again.get_by_label("Description").wait_for(timeout=60_000)
    assert again.get_by_label("Description").input_value() == "a thought of a description"
    assert again.get_by_label("A note").input_value() == "a thought of a note"
    known = said(page, serve.base).get(id_in(page), {"version": 0})
    other = page.request.patch(
        f"{serve.base}/api/v1/projects/orient/experiments/{id_in(page)}",
        headers=JSON,
        data=json.dumps({"version": known["version"], "description": "somebody else's"}),
    )
    assert other.ok
    page.reload()
    again.get_by_role("alert").get_by_text("somebody else's").wait_for(timeout=60_000)
    assert again.get_by_label("Description").input_value() == "a thought of a description"
    again.get_by_role("button", name="Keep theirs").click()
    again.get_by_text("somebody else's").wait_for()
    page.reload()
    again.get_by_role("button", name="Change the description").wait_for(timeout=60_000)


def test_several_are_tagged_and_archived_at_once_and_it_can_be_undone(page, serve):
    before = said(page, serve.base)
    frame = experiments(page, serve.base)
    frame.get_by_label("Filter", exact=True).fill("resnet_small")
    rows_of(frame).nth(1).wait_for()
    for at in (0, 1):
        rows_of(frame).nth(at).get_by_role("button", name="Tick").click()
    frame.get_by_role("button", name="Tag 2").click()
    dialog = frame.get_by_role("dialog")
    dialog.get_by_label("Add, separated by commas").fill("sweep")
    assert accessible(inner(page)) == []
    dialog.get_by_role("button", name="Change the tags").click()
    frame.get_by_text("Changed the tags of 2 experiments.").wait_for()
    assert sum("sweep" in each["tags"] for each in said(page, serve.base).values()) == 2
    frame.get_by_role("button", name="Undo").click()
    frame.get_by_text("Undone.").wait_for()
    tags = {key: each["tags"] for key, each in said(page, serve.base).items() if each["tags"]}
    assert tags == {key: each["tags"] for key, each in before.items() if each["tags"]}
    frame.get_by_role("button", name="Archive 2").click()
    frame.get_by_text("Archived 2 experiments.").wait_for()
    frame.get_by_role("button", name="Show 2 archived").wait_for()
    frame.get_by_role("grid").press("Control+z")
    frame.get_by_text("Undone.").wait_for()
    frame.get_by_role("button", name="2 archived").wait_for(state="detached")


def test_a_viewer_reads_and_writes_a_note_once_an_owner_allows_it(page, serve, join):
    viewer = join("vic@good.test", "viewer")
    frame = about(viewer, serve.base)
    frame.get_by_text("Viewers write no notes in this project.").wait_for()
    frame.get_by_text("Contributors and owners name, tag, describe and archive experiments.").wait_for()
    for name in ("Add tags", "Change tags", "Describe it", "Archive", "Rename", "Give it a name"):
        expect(frame.get_by_role("button", name=name, exact=True)).to_have_count(0)
    page.goto(f"{serve.base}/projects/orient")
    page.get_by_role("checkbox", name="Viewers too may write notes").check()
    page.get_by_role("heading", name="Project settings").locator("..").get_by_role("button", name="Save").click()
    page.get_by_text("Saved.").wait_for()
    frame.get_by_label("A note").fill("a viewer says")
    frame.get_by_role("button", name="Add", exact=True).click()
    frame.locator(".notes").get_by_text("a viewer says").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_page(browser, state, serve, scheme, width):
    context = browser.new_context(storage_state=state, color_scheme=scheme, viewport={"width": width, "height": 900}, bypass_csp=True)
    page = context.new_page()
    frame = experiments(page, serve.base, theme="?darkMode=true" if scheme == "dark" else "")
    frame.get_by_role("button", name="Star", exact=True).first.wait_for()
    shot(page, f"table-{scheme}-{width}")
    frame.get_by_role("button", name=NAME, exact=True).click()
    frame.get_by_role("heading", name="Notes").wait_for()
    frame.get_by_role("button", name=re.compile("tags")).click()
    frame.get_by_label("Tags, separated by commas").wait_for()
    frame.locator(".notes, section[aria-label=Notes]").first.scroll_into_view_if_needed()
    inside = inner(page)
    assert inside.evaluate("document.documentElement.dataset.theme") == scheme
    assert accessible(inside) == []
    assert inside.evaluate(WIDER) == []
    shot(page, f"said-{scheme}-{width}")
    context.close()


def shot(page, name):
    if os.environ.get("SCREENSHOTS"):
        page.screenshot(path=f"{os.environ['SCREENSHOTS']}/{name}.png")


def test_a_guest_of_a_link_is_told_nothing_of_it(browser, page, serve):
    experiments(page, serve.base)
    answer = page.request.post(f"{serve.base}/api/v1/projects/orient/links", headers=JSON, data=json.dumps({"scope": {"kind": "project"}}))
    context = browser.new_context()
    guest = context.new_page()
    guest.goto(answer.json()["url"])
    guest.get_by_role("button", name="Open").click()
    frame = experiments(guest, serve.base)
    expect(frame.get_by_role("button", name="Star", exact=True)).to_have_count(0)
    frame.get_by_role("button", name=NAME, exact=True).click()
    frame.get_by_role("heading", name="Parameters").wait_for()
    expect(frame.get_by_role("heading", name="Notes")).to_have_count(0)
    context.close()
