"""Images and texts: bytes under the type that they are, lists without what is not there, refusals with a sentence and a code."""

from __future__ import annotations

import json
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest
from tensorboard import errors
from tensorboard.data import provider
from werkzeug.test import Client

from tb_share.model.experiment import Experiment, ExperimentState, RunRef
from tb_share.plugin.image_type import image_type
from tb_share.plugin.media import Media

PNG = b"\x89PNG\r\n\x1a\n picture"
BLOBS = {"w": b"2", "h": b"2", "old": PNG + b" old", "new": PNG + b" new", "second": b"GIF89a second", "svg": b"<svg onload=alert(1)>"}


def sequence(step, *keys):
    return provider.BlobSequenceDatum(step=step, wall_time=step + 0.5, values=[provider.BlobReference(key) for key in ("w", "h", *keys)])


def text(step, *parts):
    return provider.TensorDatum(step=step, wall_time=step + 0.5, numpy=np.array(parts, dtype=object))


IMAGES = {
    "a/train": {"shapes": [sequence(1, "old"), sequence(1, "new", "second"), sequence(-2, "svg"), sequence(9)]},
    "b": {"shapes": [sequence(5, "old"), sequence(6, "quoted")]},
}
TEXTS = {"a": {"notes": [text(1, b"<b>one</b>", b"\xff"), text(2, "x" * 100_001)]}}


def longest(found):
    return SimpleNamespace(max_length=max(len(each.values) for each in found))


@dataclass
class Data:
    """A data provider over the dictionaries above, reduced to some runs."""

    runs: tuple[str, ...]

    def list_blob_sequences(self, ctx, *, experiment_id, plugin_name, run_tag_filter):
        if plugin_name == "graphs":
            return {"b": {"__run_graph__": None}}
        return self._of(IMAGES if plugin_name == "images" else {}, run_tag_filter, longest)

    def list_tensors(self, ctx, *, experiment_id, plugin_name, run_tag_filter):
        return self._of(TEXTS if plugin_name == "text" else {}, run_tag_filter, len)

    def read_blob_sequences(self, ctx, *, experiment_id, plugin_name, downsample, run_tag_filter):
        return self._of(IMAGES, run_tag_filter, list)

    def read_tensors(self, ctx, *, experiment_id, plugin_name, downsample, run_tag_filter):
        return self._of(TEXTS, run_tag_filter, list)

    def read_blob(self, ctx, *, blob_key):
        if blob_key == "quoted":
            raise errors.InvalidArgumentError("failed to parse blob key")
        return BLOBS[blob_key]

    def _of(self, everything, wanted, make):
        return {
            run: {tag: make(data) for tag, data in tags.items() if wanted.tags is None or tag in wanted.tags}
            for run, tags in everything.items()
            if run in self.runs and run in wanted.runs
        }


def experiment(name, *suffixes):
    runs = tuple(RunRef(f"{name}/{suffix}" if suffix else name, suffix) for suffix in suffixes)
    return Experiment(f"id-{name}", name, name, runs, 1.0, 2.0, ExperimentState.FINISHED)


def asker(*runs):
    experiments = [each for each in (experiment("a", "", "train"), experiment("b", "")) if any(run.name in runs for run in each.runs)]
    media = Media(Data(runs), lambda _: experiments)

    def ask(route, query="", **headers):
        return Client(getattr(media, route)).get(f"/{route}?{query}", headers=headers)

    return ask


@pytest.fixture
def ask():
    return asker("a", "a/train", "b")


def test_what_is_there_is_listed_by_experiment(ask):
    assert json.loads(ask("media", "id=id-a&id=id-b&id=gone").data) == {
        "experiments": [
            {
                "id": "id-a",
                "images": [{"label": "train/shapes", "run": "a/train", "tag": "shapes", "samples": 2}],
                "texts": [{"label": "notes", "run": "a", "tag": "notes"}],
                "tabs": {},
            },
            {
                "id": "id-b",
                "images": [{"label": "shapes", "run": "b", "tag": "shapes", "samples": 1}],
                "texts": [],
                "tabs": {"graphs": ["b"]},
            },
        ]
    }


def test_what_is_hidden_is_not_listed():
    ask = asker("a")
    assert json.loads(ask("media", "id=id-b").data) == {"experiments": []}
    assert json.loads(ask("media", "id=id-a").data)["experiments"][0]["images"] == []
    assert json.loads(ask("images", "run=b&run=a/train&tag=shapes").data) == {"images": []}
    assert ask("image", "run=b&tag=shapes&step=5").status_code == 404


def test_steps_have_as_many_images_as_they_have(ask):
    found = json.loads(ask("images", "run=a/train&run=b&run=b&tag=shapes").data)["images"]
    assert [(each["run"], [(point["step"], point["samples"]) for point in each["points"]]) for each in found] == [
        ("a/train", [(1, 1), (1, 2), (-2, 1)]),
        ("b", [(5, 1), (6, 1)]),
    ]
    assert found[1]["points"][0]["wall"] == 5.5


def test_of_two_images_with_one_step_the_later_is_shown_with_its_own_type(ask):
    answer = ask("image", "run=a/train&tag=shapes&step=1")
    assert (answer.data, answer.content_type) == (PNG + b" new", "image/png")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Cache-Control"] == "private, no-cache"
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert ask("image", "run=a/train&tag=shapes&step=1", **{"If-None-Match": answer.headers["ETag"]}).status_code == 304
    assert ask("image", "run=a/train&tag=shapes&step=1&sample=1").content_type == "image/gif"


def test_what_is_no_picture_of_points_is_not_sent(ask):
    answer = ask("image", "run=a/train&tag=shapes&step=-2")
    assert (answer.status_code, answer.json["error"]["code"], answer.content_type) == (404, "not_an_image", "application/json")
    assert b"svg" not in answer.data.lower().replace(b"png", b"")


def test_an_image_that_tensorboard_itself_cannot_read_is_refused_with_a_sentence(ask):
    answer = ask("image", "run=b&tag=shapes&step=6")
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "not_readable")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_texts_come_as_they_stand_and_say_what_was_cut(ask):
    answer = ask("texts", "run=a&tag=notes")
    first, second = answer.json["texts"]
    assert (first["text"], first["cut"], first["step"]) == ("<b>one</b>\n\ufffd", 0, 1)
    assert (len(second["text"]), second["cut"]) == (100_000, 1)
    assert answer.content_type == "application/json"
    assert ask("texts", "run=gone&tag=notes").json == {"texts": []}


@pytest.mark.parametrize(
    ("route", "query"),
    [
        ("media", ""),
        ("media", "&".join(f"id={number}" for number in range(101))),
        ("images", "run=a"),
        ("images", "tag=shapes"),
        ("images", "tag=shapes&" + "&".join(f"run={number}" for number in range(101))),
        ("image", "run=a&tag=shapes"),
        ("image", "tag=shapes&step=1"),
        ("image", "run=a&step=1"),
        ("image", "run=a&tag=shapes&step=1.5"),
        ("image", "run=a&tag=shapes&step=%D9%A1"),
        ("image", f"run=a&tag=shapes&step={'9' * 5000}"),
        ("image", "run=a&tag=shapes&step=1&sample=-1"),
        ("image", "run=a&tag=shapes&step=1&sample=x"),
        ("texts", "run=a"),
        ("texts", "tag=notes"),
    ],
)
def test_what_cannot_be_understood_is_said_in_a_sentence(ask, route, query):
    answer = ask(route, query)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "bad_request")
    assert answer.json["error"]["message"].endswith(".")


@pytest.mark.parametrize(
    "query", ["run=a/train&tag=shapes&step=1&sample=2", "run=a/train&tag=gone&step=1", "run=a/train&tag=shapes&step=9"]
)
def test_an_image_that_is_not_there(ask, query):
    answer = ask("image", query)
    assert (answer.status_code, answer.json["error"]["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"BM1234", "image/bmp"),
        (b"RIFF1234WEBPVP8 ", "image/webp"),
        (b"RIFF1234WAVE", None),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", None),
        (b"<!doctype html>", None),
        (b"", None),
    ],
)
def test_the_bytes_say_what_they_are(content, kind):
    assert image_type(content) == kind
