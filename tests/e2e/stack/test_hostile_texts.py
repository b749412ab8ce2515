"""Group L in a browser: what logs say is shown as it stands; no script of it runs, nobody else is asked for anything."""

from __future__ import annotations

import itertools
import json
import re
import struct
import urllib.parse
import zlib

import pytest
from playwright.sync_api import Error as PlaywrightError
from playwright.sync_api import expect
from tensorboard.compat.proto import event_pb2, summary_pb2
from tensorboard.plugins.hparams.summary_v2 import hparams_pb
from tensorboard.plugins.scalar.summary_v2 import scalar_pb
from tensorboard.plugins.text.summary_v2 import text_pb
from tensorboard.summary.writer.event_file_writer import EventFileWriter

from tests.e2e.conftest import panel_of, signed_in_state, tick
from tests.running_serve import serving

IMAGE = '<img src="http:evil.test" onerror="window.top.HIT=1">'
SCRIPT = '"><script>window.top.HIT=1<'
NAMES = [IMAGE, SCRIPT, "${7*7}{{7*7}}", "javascript:HIT=1", "__proto__", "constructor", "a\u202eb\u200b", "a\u202eb", "l" * 200]
PICTURES = [f"{name} seen" for name in NAMES]
"""Tags of images: one that a scalar has is no image's."""
MARKDOWN = f"{IMAGE} <script>window.top.HIT=1</script> [x](javascript:window.top.HIT=1) ![y](x 'onerror') <a href='data:text/html,x'>d</a> <http://evil.test>"


SVG = b"<svg xmlns='http://www.w3.org/2000/svg' onload='window.top.HIT=1'><script>window.top.HIT=1</script></svg>"
PAGE = b"<!doctype html><script>window.top.HIT=1</script>"


TABLE = (
    "<style>body { display: none }</style><table onclick='HIT=1'><tr><td>in the table</td><td><img src=x onerror='window.top.HIT=1'></td>"
    "<td><a href='javascript:HIT=1'>one</a></td><td><iframe src='http://evil.test'></iframe></td><td><svg onload='HIT=1'/></td></tr></table>"
    "<script src='http://evil.test/x.js'></script><link rel=stylesheet href='http://evil.test/x.css'>"
)
DEEP = ">" * 9_999
NAMED = f"{IMAGE} {SCRIPT}"


def notebook():
    """Each kind of output that could run or load something, and one that is text."""
    shown = [
        {"text/html": TABLE},
        {"text/html": PAGE.decode(), "text/plain": "a page"},
        {"image/svg+xml": SVG.decode(), "application/javascript": "window.top.HIT=1"},
        {"application/vnd.jupyter.widget-view+json": {"model_id": "x"}},
        {"image/png": 'x" onerror="window.top.HIT=1', "text/plain": "no picture"},
        {"text/markdown": MARKDOWN},
        {"text/latex": r"$\href{javascript:HIT=1}{x}$", "text/plain": "a formula"},
        {"text/plain": "A" * 2_000_000},
        {"image/png": f"A{' ' * 300_000}!", "text/plain": "no picture either"},
    ]
    outputs = [{"output_type": "display_data", "data": data} for data in shown]
    outputs.append({"output_type": "stream", "text": [SCRIPT, "\x1b]8;;http://evil.test\x07link\x1b]8;;\x07"]})
    outputs.append({"output_type": "error", "ename": IMAGE, "evalue": SCRIPT, "traceback": []})
    cells = [
        {"cell_type": "markdown", "source": MARKDOWN, "attachments": {"x.svg": {"image/svg+xml": "PHN2Zz4="}}},
        {"cell_type": "code", "source": [PAGE.decode()], "execution_count": 1, "outputs": outputs},
        {"cell_type": "raw", "source": PAGE.decode(), "metadata": {"raw_mimetype": "text/html"}},
        {"cell_type": "markdown", "source": DEEP},
        *[{"cell_type": "code", "source": "", "outputs": []}] * 20_000,
    ]
    return json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {"language_info": {"name": IMAGE}}, "cells": cells})


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


PNG = b"\x89PNG\r\n\x1a\n" + b"".join(
    (_chunk(b"IHDR", struct.pack(">2I5B", 1, 1, 8, 0, 0, 0, 0)), _chunk(b"IDAT", zlib.compress(b"\0\0")), _chunk(b"IEND", b""))
)


def image_pb(tag, content):
    image = summary_pb2.Summary.Image(height=1, width=1, colorspace=1, encoded_image_string=content)
    return summary_pb2.Summary(value=[summary_pb2.Summary.Value(tag=tag, image=image)])


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """Runs, tags, parameters and texts that nobody should have to trust."""
    logdir = tmp_path_factory.mktemp("hostile")
    for name in NAMES:
        writer = EventFileWriter(str(logdir / name))
        events = [hparams_pb({other: other for other in NAMES}, start_time_secs=1.0)]
        events += [scalar_pb(tag, 0.5, description=MARKDOWN) for tag in NAMES]
        events += [text_pb("notes", MARKDOWN)]
        events += [
            text_pb(f"{IMAGE} said", SCRIPT),
            *(image_pb(tag, PNG) for tag in PICTURES),
            image_pb("svg", SVG),
            image_pb("page", PAGE),
        ]
        for summary in events:
            writer.add_event(event_pb2.Event(wall_time=1.7e9, step=1, summary=summary))
        writer.close()
    beside = logdir / NAMES[2]
    (beside / "bad <b>.ipynb").write_text(notebook())
    (logdir / NAMES[0] / f"{SCRIPT}.ipynb").write_text(notebook().replace("HIT=1", "HIT=2"))
    (beside / "page.html").write_bytes(PAGE)
    (beside / "page.md").write_text(MARKDOWN)
    (beside / "page.png").write_bytes(PAGE)
    return logdir


@pytest.fixture(scope="module")
def served(tmp_path_factory, hostile):
    with serving(tmp_path_factory.mktemp("data"), [f"--logdir=bad={hostile}"]) as running:
        yield running


@pytest.fixture
def page(browser, served, asked):
    context = browser.new_context(storage_state=served.state, viewport={"width": 1280, "height": 800})
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    page.on("dialog", lambda dialog: pytest.fail(f"a dialog: {dialog.message}"))
    yield page
    context.close()


@pytest.fixture
def asked():
    return []


@pytest.fixture(scope="module", autouse=True)
def _signed_in(browser, served):
    served.state = signed_in_state(browser, served)


def clean(page, asked, base):
    """No script ran, and only we were asked."""
    assert page.evaluate("window.HIT") is None
    assert [url for url in asked if not url.startswith((base, "data:", "blob:", "about:"))] == []


def test_L01_L02_L10_L11_the_experiments_tab_shows_names_as_they_stand(page, served, asked):
    page.goto(f"{served.base}/p/bad/#tb_share")
    frame = page.frame_locator("iframe[src*=tb_share]")
    rows = frame.locator(".grid-body [role=row]")
    rows.nth(len(NAMES) - 1).wait_for(timeout=60_000)
    shown = [rows.nth(at).locator("button.name").inner_text() for at in range(rows.count())]
    assert sorted(shown) == sorted(NAMES)
    frame.get_by_role("button", name=IMAGE, exact=True).click()
    frame.get_by_role("heading", name="Parameters").wait_for()
    text = frame.locator("body").inner_text()
    assert all(name in text for name in (IMAGE, SCRIPT, "__proto__", "constructor", "${7*7}{{7*7}}"))
    clean(page, asked, served.base)


def test_L11_names_that_look_alike_are_told_apart(page, served):
    page.goto(f"{served.base}/p/bad/#tb_share")
    frame = page.frame_locator("iframe[src*=tb_share]")
    twins = frame.locator("button.name").filter(has_text="a\u202eb")
    expect(twins).to_have_count(2, timeout=60_000)
    marked = [
        each.locator(".unseen").evaluate_all("all => all.map((each) => getComputedStyle(each, '::after').content)") for each in twins.all()
    ]
    assert sorted(marked) == [['"U+202E"'], ['"U+202E"', '"U+200B"']]
    twins.first.click()
    expect(frame.locator("h1 .unseen").first).to_have_attribute("data-code", "U+202E")


def test_L01_L02_what_people_say_runs_nothing_either(page, served, asked):
    page.goto(f"{served.base}/p/bad/#tb_share")
    frame = page.frame_locator("iframe[src*=tb_share]")
    frame.get_by_role("button", name="constructor", exact=True).click(timeout=60_000)
    frame.get_by_role("heading", name="Notes").wait_for()
    experiment = re.search(r"p\.tb_share\.experiment=([^&]*)", page.url)[1]
    at = f"{served.base}/api/v1/projects/bad/experiments/{experiment}"
    headers = {"Sec-Fetch-Site": "same-origin", "Content-Type": "application/json"}
    said = {"version": 0, "display_name": NAMED, "description": MARKDOWN, "tags": ["<img src=x onerror=HIT=1>"]}
    for answer in (
        page.request.patch(at, headers=headers, data=json.dumps(said)),
        page.request.post(f"{at}/notes", headers=headers, data=json.dumps({"text": DEEP})),
        page.request.post(f"{at}/notes", headers=headers, data=json.dumps({"text": MARKDOWN})),
    ):
        assert answer.ok, answer.text()
    page.reload()
    frame.get_by_role("heading", name=NAMED).wait_for(timeout=60_000)
    frame.locator(".notes .markdown").first.filter(has_text=DEEP[:500]).wait_for()
    for text in (frame.get_by_role("region", name="About").locator(".markdown"), frame.locator(".notes .markdown").last):
        assert "<script>window.top.HIT=1</script>" in text.inner_text()
        expect(text.locator("img, script, form, style, [onerror]")).to_have_count(0)
        links = [link.get_attribute("href") for link in text.locator("a[href]").all()]
        assert links == ["http://evil.test"]
    frame.get_by_role("button", name="All experiments").click()
    frame.get_by_role("button", name=NAMED, exact=True).wait_for()
    clean(page, asked, served.base)


def test_L01_L02_tensorboards_own_tabs_run_nothing_of_it(page, served, asked):
    for tab in ("timeseries", "scalars", "text", "hparams"):
        page.goto("about:blank")
        page.goto(f"{served.base}/p/bad/#{tab}")
        page.wait_for_load_state("networkidle")
        clean(page, asked, served.base)


def test_L01_labels_of_links_are_text_on_the_projects_page(page, served, asked):
    for label in itertools.islice(NAMES, 4):
        served.command("link", "create", "--project", "bad", "--label", label)
    page.goto(f"{served.base}/projects/bad")
    for label in itertools.islice(NAMES, 4):
        page.get_by_role("cell", name=label, exact=True).wait_for()
    clean(page, asked, served.base)


def test_L01_L02_L10_texts_and_names_of_images_stand_as_they_were_logged(page, served, asked):
    page.goto(f"{served.base}/p/bad/#tb_share")
    frame = page.frame_locator("iframe[src*=tb_share]")
    frame.get_by_role("button", name="__proto__", exact=True).click(timeout=60_000)
    frame.get_by_role("tab", name="Text").click()
    frame.get_by_role("group", name="notes", exact=True).filter(has_text=MARKDOWN).wait_for()
    frame.get_by_role("group", name=f"{IMAGE} said", exact=True).filter(has_text=SCRIPT).wait_for()
    expect(frame.locator("pre.text *")).to_have_count(0)
    frame.get_by_role("tab", name="Images").click()
    frame.locator(".image figcaption").nth(len(PICTURES) + 1).wait_for()
    names = frame.locator(".image figcaption").all_inner_texts()
    assert sorted(names) == sorted([*PICTURES, "svg", "page"])
    for tag in [each for each in PICTURES if '"' not in each]:
        frame.get_by_role("img", name=f"{tag} at step 1", exact=True).first.wait_for()
    # TensorBoard's data server cannot read images whose names hold quotation marks; they are no more than names.
    for tag in (*(each for each in PICTURES if '"' in each), "svg", "page"):
        frame.locator(".image").filter(has=frame.locator("figcaption", has_text=tag)).get_by_text(
            "This image cannot be shown"
        ).first.wait_for()
    clean(page, asked, served.base)


def test_L05_what_a_plugin_route_answers_is_never_a_page(page, served, asked):
    ours = f"{served.base}/p/bad/data/plugin/tb_share"
    page.goto(f"{served.base}/p/bad/#tb_share")
    page.frame_locator("iframe[src*=tb_share]").locator("button.name").first.wait_for(timeout=60_000)
    run = {"run": "__proto__", "step": 1}
    for query in (
        *(f"image?{urllib.parse.urlencode({**run, 'tag': tag})}" for tag in (PICTURES[2], PICTURES[0], "svg", "page", SCRIPT)),
        f"texts?{urllib.parse.urlencode({**run, 'tag': 'notes'})}",
        f"images?{urllib.parse.urlencode({**run, 'tag': PICTURES[0]})}",
    ):
        answer = page.goto(f"{ours}/{query}")
        assert answer.headers["content-type"] in ("application/json", "image/png")
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert page.evaluate("document.scripts.length") == 0
        clean(page, asked, served.base)
    shown = page.request.get(f"{ours}/image?{urllib.parse.urlencode({**run, 'tag': PICTURES[2]})}")
    assert shown.headers["content-type"] == "image/png"
    assert shown.headers["content-security-policy"].startswith("default-src 'none'; sandbox")
    refused = page.request.get(f"{ours}/image?{urllib.parse.urlencode({**run, 'tag': 'svg'})}")
    assert (refused.status, json.loads(refused.body())["error"]["code"]) == (404, "not_an_image")


def test_K10_notebooks_that_are_compared_run_nothing(page, served, asked):
    page.goto(f"{served.base}/p/bad/#tb_share")
    frame = page.frame_locator("iframe[src*=tb_share]")
    for name in (NAMES[0], NAMES[2]):
        tick(frame, name)
    frame.get_by_role("button", name="Compare 2").click()
    frame.get_by_role("tab", name="Notebooks").click()
    cells = frame.locator(".difference")
    cells.locator("del", has_text="window.top.HIT").first.wait_for()
    cells.locator("ins", has_text="window.top.HIT").first.wait_for()
    expect(cells.get_by_text("in the table")).to_have_count(2)
    expect(cells.locator("img, script, form, style, link, iframe, svg, object, [onerror], [onclick]")).to_have_count(0)
    assert {link.get_attribute("href") for link in cells.locator("a[href]").all()} == {"http://evil.test"}
    clean(page, asked, served.base)


def test_K10_notebooks_and_files_are_shown_and_run_nothing(page, served, asked):
    page.goto(f"{served.base}/p/bad/#tb_share")
    frame = page.frame_locator("iframe[src*=tb_share]")
    frame.get_by_role("button", name=NAMES[2], exact=True).click(timeout=60_000)
    frame.get_by_role("tab", name="Notebooks").click()
    cells = frame.locator(".notebook")
    cells.get_by_text("in the table").wait_for()
    cells.locator(".markdown").nth(3).wait_for()
    for text in ("a page", "no picture", "a formula", f"{IMAGE}: {SCRIPT}", f"{SCRIPT}link"):
        cells.get_by_role("group").filter(has_text=text).first.wait_for()
    cells.get_by_text("Not shown: 1900000 more characters.").wait_for()
    cells.locator("div.markdown").filter(has_text=DEEP[:500]).first.wait_for()
    cells.get_by_text("no picture either").wait_for()
    cells.get_by_text("Not shown: 19004 more cells.").wait_for()
    expect(cells.get_by_text("What stood here needs scripts or drawings")).to_have_count(2)
    expect(cells.locator("img, script, form, style, link, iframe, svg, object, [onerror], [onclick]")).to_have_count(0)
    links = {link.get_attribute("href") for link in cells.locator("a[href]").all()}
    assert links == {"http://evil.test"}
    frame.get_by_role("tab", name="Artifacts").click()
    frame.get_by_role("button", name="Look at page.html").click()
    frame.locator("pre.text").filter(has_text=PAGE.decode()).wait_for()
    frame.get_by_role("button", name="Look at page.md").click()
    frame.locator(".look .markdown a").first.wait_for()
    frame.get_by_role("button", name="Look at page.png").click()
    frame.get_by_role("img", name="page.png").wait_for()
    # What is no picture stays none, and by itself a file opens as nothing at all.
    files = panel_of(page)
    address = files.evaluate("document.querySelector('a[download*=html]').href")
    with pytest.raises(PlaywrightError, match="Download is starting"):
        page.goto(address)
    clean(page, asked, served.base)
