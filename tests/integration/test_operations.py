"""Dashboard, alarms and saved queries of the template: they name metrics and fields that the functions really write."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from authorizer.telemetry import NAMESPACE
from authorizer.tools.function_environment import PROJECT
from authorizer.tools.gateway.names import Names
from authorizer.tools.template import read_template

if TYPE_CHECKING:
    from authorizer.tools.template import Document, Resource

METRICS = {"Decisions", "DurationMs", "KeysAgeSeconds"}
DIMENSIONS = {"service", "decision"}
FIELDS = set(json.loads((PROJECT / "authorizer" / "decision.schema.json").read_text("utf-8"))["properties"])
OPERATORS = {
    "count",
    "latest",
    "max",
    "bin",
    "as",
    "by",
    "desc",
    "asc",
    "or",
    "and",
    "allow",
    "deny",
    "stale",
    "dependency",
}
OWN = {"times", "oldest", "REQUEST_ID", "filter", "stats", "sort", "limit", "fields", "timestamp", "m", "SOURCE"}


@pytest.fixture(scope="module")
def document() -> Document:
    return read_template(PROJECT / "template.yaml", {"Operations": "yes", "SampleApi": "yes"})


def of_type(document: Document, kind: str) -> list[Resource]:
    return [one for one in document.resources.values() if one.type == kind]


def test_without_the_parameter_there_is_none() -> None:
    kinds = {one.type for one in read_template(PROJECT / "template.yaml").resources.values()}
    assert not {"AWS::CloudWatch::Alarm", "AWS::CloudWatch::Dashboard", "AWS::Logs::QueryDefinition"} & kinds


def test_alarms_watch_our_own_metrics_and_not_those_of_lambda(document: Document) -> None:
    names = Names(document)
    watched: list[Any] = []
    for alarm in of_type(document, "AWS::CloudWatch::Alarm"):
        given = names.value(dict(alarm.properties))
        stats = [one["MetricStat"]["Metric"] for one in given.get("Metrics", ()) if "MetricStat" in one]
        watched += stats or [given]
    assert len(watched) == 4
    for metric in watched:
        assert metric["Namespace"] == NAMESPACE
        assert metric["MetricName"] in METRICS
        assert {one["Name"] for one in metric["Dimensions"]} == DIMENSIONS


def test_dashboard_is_json_and_names_our_metrics(document: Document) -> None:
    (dashboard,) = of_type(document, "AWS::CloudWatch::Dashboard")
    body = json.loads(Names(document).text(dashboard.properties["DashboardBody"]))
    rows = [row for one in body["widgets"] for row in one["properties"].get("metrics", ())]
    named = [row for row in rows if isinstance(row[0], str)]
    assert len(named) == 7
    for row in named:
        texts = [one for one in row if isinstance(one, str)]
        assert (texts[0], texts[1] in METRICS, set(texts[2::2])) == (NAMESPACE, True, DIMENSIONS)
    assert all(0 <= one["x"] <= 12 and one["x"] + one["width"] <= 24 for one in body["widgets"])


def test_queries_read_fields_that_lines_have(document: Document) -> None:
    (dashboard,) = of_type(document, "AWS::CloudWatch::Dashboard")
    widgets = json.loads(Names(document).text(dashboard.properties["DashboardBody"]))["widgets"]
    texts = [one["properties"]["query"].partition("|")[2] for one in widgets if one["type"] == "log"]
    texts += [one.properties["QueryString"] for one in of_type(document, "AWS::Logs::QueryDefinition")]
    assert len(texts) == 6
    for text in texts:
        words = set(re.findall(r"[A-Za-z_]+", text)) - OPERATORS - OWN
        assert words <= FIELDS, words - FIELDS


def test_all_of_it_reads_the_log_group_of_the_functions(document: Document) -> None:
    groups = {str(one.properties["LogGroupNames"][0]) for one in of_type(document, "AWS::Logs::QueryDefinition")}
    assert groups == {"${Ref AuthorizerLogs}"}
