"""Ours says what TensorBoard says; what it does not know it leaves to TensorBoard."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.tensorboards_host_fast.conftest import SERIES, MadeUp, Pair

TIME_SERIES = "/data/plugin/timeseries/timeSeries"
MULTI = "/data/plugin/scalars/scalars_multirun"
ONE = "/data/plugin/scalars/scalars"
RUNS = list(SERIES)


def answer(client, method, path, **asked):
    """What matters of an answer."""
    got = client.open(path, method=method, **asked)
    body = gzip.decompress(got.data) if got.headers.get("Content-Encoding") == "gzip" else got.data
    parsed = json.loads(body) if body and got.content_type == "application/json" else body
    names = ("Content-Type", "Content-Encoding", "X-Content-Type-Options", "Cache-Control", "Expires")
    # repr, since NaN is not itself and 0.0 is -0.0.
    return got.status_code, repr(parsed), {name: got.headers.get(name) for name in names}


def same(pair, method, path, *, ours, **asked):
    """Both say the same; ``ours`` is whether TensorBoard was left out of it."""
    expected = answer(pair.stock, method, path, **asked)
    before = pair.passed_on
    assert answer(pair.fast, method, path, **asked) == expected
    assert (pair.passed_on == before) is ours
    return expected


def multipart(value):
    return {"data": {"requests": value}, "content_type": "multipart/form-data; boundary=----WebKitFormBoundaryabc"}


def urlencoded(value):
    return {"data": {"requests": value}, "content_type": "application/x-www-form-urlencoded"}


USUAL = [
    [{"plugin": "scalars", "tag": "loss"}],
    [{"plugin": "scalars", "tag": "loss", "run": "train"}],
    [{"plugin": "scalars", "tag": "loss", "run": RUNS[1]}, {"plugin": "scalars", "tag": "odd"}, {"plugin": "scalars", "tag": "huge"}],
    [{"plugin": "scalars", "tag": "odd"}],
    [{"plugin": "scalars", "tag": "empty"}],
    [{"plugin": "scalars", "tag": "tag with spaces/ü\n"}],
    [{"plugin": "scalars", "tag": "missing"}],
    [{"plugin": "scalars", "tag": "loss", "run": "missing"}],
    [{"plugin": "scalars", "tag": "loss", "run": ""}],
    [{"plugin": "scalars", "tag": "loss", "run": None, "more": [1]}],
    [{"plugin": "scalars", "tag": ""}],
    [{"plugin": "scalars", "tag": "loss"}] * 3,
    [],
]
UNUSUAL = [
    [{"plugin": "images", "tag": "loss", "run": "train", "sample": 0}],
    [{"plugin": "images", "tag": "loss"}],
    [{"plugin": "scalars", "tag": "loss"}, {"plugin": "histograms", "tag": "loss"}],
    [{"plugin": "scalars", "tag": "loss", "sample": 3}],
    [{"plugin": "scalars", "tag": 5}],
    [{"plugin": "scalars"}],
    [{"plugin": "nonsense", "tag": "loss"}],
    [{}],
]


@pytest.mark.parametrize("form", [multipart, urlencoded])
@pytest.mark.parametrize("questions", USUAL)
def test_posted_questions_get_the_same_answer(pair, form, questions):
    same(pair, "POST", TIME_SERIES, ours=True, **form(json.dumps(questions)))


@pytest.mark.parametrize("questions", USUAL)
def test_questions_in_the_query_get_the_same_answer(pair, questions):
    same(pair, "GET", TIME_SERIES, ours=True, query_string={"requests": json.dumps(questions)})


@pytest.mark.parametrize("questions", UNUSUAL)
@pytest.mark.parametrize("form", [multipart, urlencoded])
def test_what_is_unusual_is_tensorboards_to_answer(pair, form, questions):
    same(pair, "POST", TIME_SERIES, ours=False, **form(json.dumps(questions)))


@pytest.mark.parametrize("text", ["", "no json", "[", '"text"x'])
def test_bad_questions_get_tensorboards_refusal(pair, text):
    status, _, _ = same(pair, "POST", TIME_SERIES, ours=False, **urlencoded(text))
    assert status == 400


def test_a_missing_field_gets_tensorboards_refusal(pair):
    assert same(pair, "POST", TIME_SERIES, ours=False, data={"other": "1"})[0] == 400
    assert same(pair, "GET", TIME_SERIES, ours=False)[0] == 400


@pytest.mark.parametrize("coding", ["gzip", "gzip, deflate, br", "identity", "", "br", "*"])
def test_the_answer_is_packed_only_for_those_who_unpack(pair, coding):
    same(pair, "POST", TIME_SERIES, ours=True, headers={"Accept-Encoding": coding}, **multipart('[{"plugin": "scalars", "tag": "loss"}]'))


@pytest.mark.parametrize("tag", ["loss", "odd", "empty", "missing", ""])
@pytest.mark.parametrize("runs", [[], ["train"], RUNS[:3], ["missing"]])
def test_many_runs_of_a_tag(pair, tag, runs):
    # TensorBoard fails on a run that has no such tag, which its data server never gives: not ours to mend.
    chosen = [run for run in runs if run not in SERIES or tag in SERIES[run]]
    same(pair, "POST", MULTI, ours=True, data={"tag": tag, "runs": chosen})
    same(pair, "POST", MULTI, ours=True, data={"tag": tag, "runs": chosen}, content_type="multipart/form-data; boundary=b")


@pytest.mark.parametrize("data", [{"runs": ["train"]}, {"tag": ["loss", "odd"], "runs": ["train"]}, {}])
def test_many_runs_asked_badly(pair, data):
    assert same(pair, "POST", MULTI, ours=False, data=data)[0] == 400


def test_many_runs_are_never_asked_by_get(pair):
    assert same(pair, "GET", MULTI, ours=False, query_string={"tag": "loss"})[0] == 405


@pytest.mark.parametrize("form", [{}, {"format": "json"}, {"format": "nonsense"}])
@pytest.mark.parametrize(("run", "tag"), [("train", "loss"), ("train", "odd"), (RUNS[1], "loss"), ("train", "empty")])
def test_one_run_of_a_tag(pair, run, tag, form):
    same(pair, "GET", ONE, ours=True, query_string={"run": run, "tag": tag, **form})


@pytest.mark.parametrize(
    "query", [{"run": "train"}, {"tag": "loss"}, {"run": "x", "tag": "y"}, {"run": "train", "tag": "loss", "format": "csv"}]
)
def test_one_run_asked_otherwise(pair, query):
    same(pair, "GET", ONE, ours=False, query_string=query)


def test_a_refusal_of_the_provider_stays_a_refusal(pair):
    assert same(pair, "POST", TIME_SERIES, ours=True, **urlencoded('[{"plugin": "scalars", "tag": "forbidden"}]'))[0] == 403


def test_head_is_tensorboards(pair):
    same(pair, "HEAD", TIME_SERIES, ours=False, query_string={"requests": "[]"})


def test_all_tags_of_a_request_are_read_at_once(pair):
    pair.fast.post(TIME_SERIES, data={"requests": json.dumps([{"plugin": "scalars", "tag": tag} for tag in ("loss", "odd", "loss")])})
    ((_, plugin, samples, runs, tags),) = pair.data.asked
    assert (plugin, samples, runs, sorted(tags)) == ("scalars", 1000, None, ["loss", "odd"])


def test_the_experiment_of_the_address_reaches_the_provider(pair):
    pair.fast.post("/experiment/defaultExperimentId" + TIME_SERIES, data={"requests": '[{"plugin": "scalars", "tag": "loss"}]'})
    assert pair.data.asked[0][0] == "defaultExperimentId"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)
questions = st.lists(
    st.fixed_dictionaries(
        {
            "plugin": st.sampled_from(["scalars", "scalars", "scalars", "images", None]),
            "tag": st.sampled_from(["loss", "odd", "x"]) | json_values,
        },
        optional={"run": st.sampled_from(RUNS) | json_values, "sample": json_values},
    )
    | json_values,
    max_size=3,
)
ODD_PAIR = Pair(MadeUp())


@settings(max_examples=300)
@given(questions)
def test_any_question_at_all_gets_the_same_answer(asked):
    form = urlencoded(json.dumps(asked))
    try:
        expected = answer(ODD_PAIR.stock, "POST", TIME_SERIES, **form)
    except Exception as error:
        with pytest.raises(type(error)):
            answer(ODD_PAIR.fast, "POST", TIME_SERIES, **form)
    else:
        assert answer(ODD_PAIR.fast, "POST", TIME_SERIES, **form) == expected
