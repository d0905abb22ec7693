"""What CloudWatch is asked for and cannot be given, and lists longer than a page; the same
of what stands beside the API."""
import contextlib
import json
import sqlite3
import time
import urllib.parse

import raw
import rig
from cloudwatch import ask_json
from rig import expect, expect_equal

DEVICE = "G030PM0123456789"
CODE = "C-1234567890"
LETTER = "\N{BELL}"  # four bytes, twelve letters percent-encoded


class Fleet:
    def __init__(self, place):
        self.service = rig.Service(place)
        tokens = self.service.register(DEVICE, code=CODE)
        self.key = self.service.key(policy="AdministratorAccess")
        self.aws = rig.Aws(self.service, self.key)
        self.aws.devices("claim-devices-by-claim-code", "--claim-code", CODE)
        rig.press(self.service, tokens[DEVICE], DEVICE)
        rig.wait_for("a metric", lambda: self.metrics())

    def ask(self, operation, **body):
        return ask_json(self.service, self.aws, operation, body)

    def metrics(self, **body):
        status, got = self.ask("ListMetrics", **body)
        expect_equal(status, 200, got)
        return got["Metrics"]

    def extra(self, target, method="GET", body=b""):
        """Status and answer of a call beside the API."""
        target, headers, body = raw.signed(self.service, self.key, method, target, body)
        status, _, text = rig.http(self.service.url + target, method, body, headers)
        return status, text


NOW = int(time.time())
ONE = {"Namespace": "IoT1Click", "MetricName": "TotalEvents"}
TIMES = {"StartTime": NOW - 3600, "EndTime": NOW}
STATISTICS = dict(ONE, **TIMES, Period=60, Statistics=["Sum"])
STAT = {"Metric": ONE, "Period": 60, "Stat": "Sum"}


def query(**more):
    return dict({"Id": "m1", "MetricStat": STAT}, **more)


def data(*queries, **more):
    return dict(TIMES, MetricDataQueries=list(queries), **more)


def without(body, name):
    return {k: v for k, v in body.items() if k != name}


def what_is_not_of_an_operation_is_refused_by_name(place):
    fleet = Fleet(place)
    for operation, body, code, says in (
            ("GetMetricStatistics", STATISTICS, None, ""),
            ("GetMetricStatistics", without(STATISTICS, "Namespace"), "MissingParameter",
             "Namespace"),
            ("GetMetricStatistics", without(STATISTICS, "MetricName"), "MissingParameter",
             "MetricName"),
            ("GetMetricStatistics", dict(STATISTICS, MetricName=""), "MissingParameter",
             "MetricName"),
            ("GetMetricStatistics", without(STATISTICS, "StartTime"), "MissingParameter",
             "StartTime"),
            ("GetMetricStatistics", without(STATISTICS, "Period"), "MissingParameter",
             "Period"),
            ("GetMetricStatistics", dict(STATISTICS, MetricName="x" * 256),
             "InvalidParameterValue", "MetricName"),
            ("GetMetricStatistics", dict(STATISTICS, Dimensions=[
                {"Name": f"n{i}", "Value": "v"} for i in range(31)]),
             "InvalidParameterValue", "30 dimensions"),
            ("GetMetricStatistics", dict(STATISTICS, Dimensions=[{"Name": "Project"}]),
             "MissingParameter", "Value"),
            ("GetMetricStatistics", dict(STATISTICS, Dimensions=[{"Value": "x"}]),
             "MissingParameter", "Name"),
            ("GetMetricStatistics", dict(STATISTICS, Period=0), "InvalidParameterValue",
             "60"),
            ("GetMetricStatistics", dict(STATISTICS, Period="soon"),
             "InvalidParameterValue", "60"),
            ("GetMetricStatistics", dict(STATISTICS, Period=172800),
             "InvalidParameterValue", "86400"),
            ("GetMetricStatistics", dict(STATISTICS, Statistics=["Median"]),
             "InvalidParameterValue", "Maximum"),
            ("GetMetricStatistics", dict(STATISTICS, StartTime="yesterday"),
             "InvalidParameterValue", "StartTime"),
            ("GetMetricStatistics", dict(STATISTICS, StartTime=-1),
             "InvalidParameterValue", "StartTime"),
            ("GetMetricStatistics", dict(STATISTICS, EndTime=1e300),
             "InvalidParameterValue", "EndTime"),
            ("GetMetricStatistics", dict(STATISTICS, Namespace="AWS/EC2"), None, ""),
            ("GetMetricStatistics", dict(STATISTICS, Unit="Bytes"), None, ""),
            ("GetMetricStatistics", dict(STATISTICS, Unit="Count"), None, ""),
            ("GetMetricData", data(query()), None, ""),
            ("GetMetricData", data(), "InvalidParameterValue", "1 to 100 queries"),
            ("GetMetricData", data(*[query(Id=f"m{i}") for i in range(101)]),
             "InvalidParameterValue", "1 to 100 queries"),
            ("GetMetricData", data(query(), query()), "InvalidParameterValue",
             "stands twice"),
            ("GetMetricData", data(query(Id="M1")), "InvalidParameterValue", "Id"),
            ("GetMetricData", data(query(Id="m-1")), "InvalidParameterValue", "Id"),
            ("GetMetricData", data(without(query(), "Id")), "InvalidParameterValue", "Id"),
            ("GetMetricData", data(query(MetricStat=without(STAT, "Stat"))),
             "MissingParameter", "Stat"),
            ("GetMetricData", data(query(MetricStat=dict(STAT, Stat="p99"))),
             "InvalidParameterValue", "Maximum"),
            ("GetMetricData", data(query(MetricStat=dict(STAT, Period=7))),
             "InvalidParameterValue", "60"),
            ("GetMetricData", data(query(ReturnData=False)), None, ""),
            ("GetMetricData", data(query(ReturnData=True)), None, ""),
            ("GetMetricData", data(query(), ScanBy="TimestampAscending"), None, ""),
            ("GetMetricData", data(query(), ScanBy="TimestampDescending"), None, ""),
            ("GetMetricData", data(query(), ScanBy="Sideways"), "InvalidParameterValue",
             "ScanBy"),
            ("GetMetricData", data(query(), MaxDatapoints=0), "InvalidParameterValue",
             "MaxDatapoints"),
            ("GetMetricData", data(query(), MaxDatapoints="x"), "InvalidParameterValue",
             "MaxDatapoints"),
            ("GetMetricData", data(query(), NextToken="x"), "InvalidNextToken", ""),
            ("GetMetricData", dict(data(query()), StartTime=NOW - 86400 * 100),
             "InvalidParameterValue", "datapoints"),
            ("ListMetrics", {"Dimensions": [{"Name": f"n{i}"} for i in range(11)]},
             "InvalidParameterValue", "10 filters"),
            ("ListMetrics", {"Dimensions": [{"Value": "x"}]}, "MissingParameter", "Name"),
            ("ListMetrics", {"RecentlyActive": "PT1H"}, "InvalidParameterValue", "PT3H"),
            ("ListMetrics", {"NextToken": "x"}, "InvalidNextToken", "")):
        status, got = fleet.ask(operation, **body)
        what = f"{operation} {json.dumps(body)[:200]}: {status} {got}"
        expect_equal((status, got.get("__type")), (400, code) if code else (200, None), what)
        expect(says in json.dumps(got), what)


def metrics_are_listed_by_what_they_are_about(place):
    fleet = Fleet(place)
    total = len(fleet.metrics())
    expect(total >= 2, fleet.metrics())
    expect_equal(len(fleet.metrics(RecentlyActive="PT3H")), total)
    expect_equal(fleet.metrics(Namespace="AWS/EC2"), [])
    for wanted, dimension in ((1, {"Name": "DeviceType", "Value": "button"}),
                              (1, {"Name": "DeviceType"}),
                              (0, {"Name": "DeviceType", "Value": "lever"}),
                              (0, {"Name": "Floor"})):
        expect_equal(len(fleet.metrics(MetricName="TotalEvents", Dimensions=[dimension])),
                     wanted, f"{dimension}")


def a_list_of_metrics_goes_on_where_it_ended(place):
    """However long what stands in a dimension is: a callback has 200 letters, of any kind."""
    fleet = Fleet(place)
    fleet.service.process.close()
    letter = urllib.parse.quote(LETTER)
    with contextlib.closing(sqlite3.connect(
            fleet.service.state + "/oneclick.db")) as store, store:
        store.executemany(
            "INSERT INTO metric SELECT account, 'Errors', ?, minute, 1, 1, 1, 1 FROM metric"
            " LIMIT 1", [(f"Callback={letter * 196}{i:04}",) for i in range(1100)])
    fleet.service.start()
    names, token, pages = [], None, 0
    while token or not pages:
        status, got = fleet.ask("ListMetrics", MetricName="Errors",
                                **({"NextToken": token} if token else {}))
        expect_equal(status, 200, str(got)[:500])
        names += [m["Dimensions"][0]["Value"] for m in got["Metrics"]]
        token, pages = got.get("NextToken"), pages + 1
    expect_equal(sorted(set(names)), [f"{LETTER * 196}{i:04}" for i in range(1100)])
    expect_equal(len(names), 1100, "each once")
    expect(pages >= 3, f"{pages} pages")


def what_stands_beside_the_api_is_asked_properly_or_told(place):
    fleet = Fleet(place)
    for target, method, body, status, says in (
            ("/records?maxResults=2", "GET", b"", 200, "records"),
            ("/records?" + "&".join(f"a{i}=1" for i in range(100)), "GET", b"", 400,
             "percent-encoded UTF-8"),
            ("/records?maxResults=0", "GET", b"", 400, "maxResults"),
            ("/records?nextToken=x", "GET", b"", 400, "nextToken"),
            ("/records", "PUT", b"{}", 405, "is asked with GET"),
            ("/deliveries?state=asleep", "GET", b"", 400, "state"),
            ("/deliveries", "GET", b"", 200, "deliveries"),
            ("/deliveries/replay", "POST", b"[]", 400, "JSON object"),
            ("/deliveries/replay", "POST", b"{", 400, ""),
            ("/deliveries/replay", "GET", b"", 405, "is asked with POST"),
            ("/policy/simulate", "POST", b"{}", 400, ""),
            ("/ready-devices?nextToken=x", "GET", b"", 416, "nextToken")):
        got = fleet.extra(target, method, body)
        expect_equal(got[0], status, f"{method} {target}: {got[1]}")
        expect(says in got[1], f"{method} {target}: {got[1]}")


rig.run(globals())
