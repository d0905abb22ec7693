"""Metrics and audit as others read them: the aws command asks CloudWatch and CloudTrail,
promtool and Prometheus' own parsers read /metrics, auditors take the records away."""
import json
import os
import signal
import sqlite3
import subprocess
import time
import urllib.parse

import rig
from cloudwatch import ask_json
from rig import expect, expect_equal

DEVICE = "G030PM0123456789"
OTHER = "B9GHXT0123456789"
CODE = "C-1234567890"
ARN = "arn:aws:lambda:us-west-2:000000000000:function:rating"
POLICY = json.dumps({"Version": "2012-10-17", "Statement": [{
    "Effect": "Allow", "Resource": "*",
    "Action": ["iot1click:*", "cloudwatch:*", "cloudtrail:LookupEvents"]}]})
PROMTOOL = "/usr/bin/promtool"
HERE = os.path.dirname(os.path.abspath(__file__))
CONTRIB = os.path.join(HERE, "../../contrib")


def start(place, *options):
    """A service, one device placed in the project Rating, one claimed and nowhere."""
    service = rig.Service(place, *options)
    tokens = service.register(DEVICE, OTHER, code=CODE)
    key = service.key(policy=place.write("policy.json", POLICY))
    aws = rig.Aws(service, key)
    aws.devices("claim-devices-by-claim-code", "--claim-code", CODE)
    aws.projects("create-project", "--project-name", "Rating", "--placement-template",
                 json.dumps({"deviceTemplates": {"happy": {"deviceType": "button"}}}))
    aws.projects("create-placement", "--project-name", "Rating", "--placement-name", "Hall")
    aws.projects("associate-device-with-placement", "--project-name", "Rating",
                 "--placement-name", "Hall", "--device-template-name", "happy",
                 "--device-id", DEVICE)
    return service, aws, tokens


def press(service, tokens, device=DEVICE, times=1, **more):
    for _ in range(times):
        status, _, body = rig.press(service, tokens[device], device, **more)
        expect_equal(status, 200, body)


def statistics(aws, metric, name, value, *what, period=3600):
    now = time.time()
    iso = lambda at: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(at))
    got = aws("cloudwatch", "get-metric-statistics", "--namespace", "IoT1Click",
              "--metric-name", metric, "--dimensions", f"Name={name},Value={value}",
              "--start-time", iso(now - 1800), "--end-time", iso(now + 1800),
              "--period", str(period), "--statistics", *what)
    expect_equal(got["Label"], metric)
    return got["Datapoints"]


def wait_counted(aws, count, name="DeviceType", value="button"):
    def counted():
        points = statistics(aws, "TotalEvents", name, value, "Sum")
        return points and points[0]["Sum"] == count
    rig.wait_for(f"{count} events counted", counted, 20)


def the_aws_command_lists_the_metrics_and_reads_their_statistics(place):
    service, aws, tokens = start(place)
    expect_equal(aws("cloudwatch", "list-metrics"), {"Metrics": []}, "before any press")
    press(service, tokens, remainingLife=80)
    press(service, tokens, click="DOUBLE", remainingLife=60)
    press(service, tokens, OTHER, remainingLife=10)
    wait_counted(aws, 3)

    got = aws("cloudwatch", "list-metrics", "--namespace", "IoT1Click")["Metrics"]
    flat = [(m["MetricName"], *[(d["Name"], d["Value"]) for d in m["Dimensions"]])
            for m in got]
    expect_equal(flat, [
        ("RemainingLife", ("DeviceType", "button")),
        ("RemainingLife", ("ProductType", "AT&T LTE-M Button")),
        ("RemainingLife", ("ProductType", "AWS IoT Enterprise Button")),
        ("RemainingLife", ("Project", "Rating")),
        ("TotalEvents", ("DeviceEvent", "DOUBLE")),
        ("TotalEvents", ("DeviceEvent", "SINGLE")),
        ("TotalEvents", ("DeviceType", "button")),
        ("TotalEvents", ("ProductType", "AT&T LTE-M Button")),
        ("TotalEvents", ("ProductType", "AWS IoT Enterprise Button")),
        ("TotalEvents", ("Project", "Rating"))])
    expect_equal({m["Namespace"] for m in got}, {"IoT1Click"})
    some = aws("cloudwatch", "list-metrics", "--metric-name", "RemainingLife",
               "--dimensions", "Name=Project")["Metrics"]
    expect_equal(len(some), 1, f"filtered: {some}")
    some = aws("cloudwatch", "list-metrics", "--dimensions",
               "Name=DeviceEvent,Value=LONG", "--recently-active", "PT3H")["Metrics"]
    expect_equal(some, [], "no long press came")
    expect_equal(aws("cloudwatch", "list-metrics", "--namespace", "AWS/EC2"),
                 {"Metrics": []})

    point = statistics(aws, "RemainingLife", "Project", "Rating", "Average", "Minimum",
                       "Maximum", "SampleCount", "Sum")[0]
    expect_equal({k: v for k, v in point.items() if k != "Timestamp"},
                 {"Average": 70.0, "Minimum": 60.0, "Maximum": 80.0, "SampleCount": 2.0,
                  "Sum": 140.0, "Unit": "Percent"})
    expect_equal(statistics(aws, "TotalEvents", "DeviceEvent", "SINGLE", "Sum")[0]["Sum"], 2.0)
    expect_equal(statistics(aws, "TotalEvents", "Project", "Elsewhere", "Sum"), [])


def many_metrics_come_in_one_answer_in_pages(place):
    service, aws, tokens = start(place)
    press(service, tokens, times=3)
    wait_counted(aws, 3)
    queries = [{"Id": f"q{i}", "MetricStat": {
        "Metric": {"Namespace": "IoT1Click", "MetricName": name,
                   "Dimensions": [{"Name": "Project", "Value": "Rating"}]},
        "Period": 60, "Stat": stat}} for i, (name, stat) in enumerate(
            [("TotalEvents", "Sum"), ("RemainingLife", "Minimum"), ("TotalEvents", "Average")])]
    queries[1]["Label"] = "life <left>"
    now = time.time()
    words = ["cloudwatch", "get-metric-data", "--metric-data-queries", json.dumps(queries),
             "--start-time", str(int(now - 600)), "--end-time", str(int(now + 600))]
    got = aws(*words)["MetricDataResults"]
    expect_equal([r["Id"] for r in got], ["q0", "q1", "q2"])
    expect_equal([r["Label"] for r in got], ["TotalEvents", "life <left>", "TotalEvents"])
    expect_equal(sum(got[0]["Values"]), 3.0)
    expect_equal(got[1]["Values"][0], 99.85, "the newest first")
    expect_equal(set(got[2]["Values"]), {1.0})
    expect_equal({r["StatusCode"] for r in got}, {"Complete"})

    paged = {}
    client = rig.botocore_client(
        service, (aws.env["AWS_ACCESS_KEY_ID"], aws.env["AWS_SECRET_ACCESS_KEY"]),
        "cloudwatch")
    pages = 0
    token = {}
    while True:
        page = client.get_metric_data(MetricDataQueries=queries, StartTime=now - 600,
                                      EndTime=now + 600, MaxDatapoints=1,
                                      ScanBy="TimestampAscending", **token)
        pages += 1
        for result in page["MetricDataResults"]:
            paged.setdefault(result["Id"], []).extend(result["Values"])
        if "NextToken" not in page:
            break
        token = {"NextToken": page["NextToken"]}
    expect_equal({k: v[::-1] for k, v in paged.items()},
                 {r["Id"]: r["Values"] for r in got}, "all pages together")
    expect(pages >= 3, f"one datapoint a page: {pages}")


def newer_clients_read_metrics_in_json(place):
    service, aws, tokens = start(place)
    press(service, tokens, times=2, remainingLife=50)
    wait_counted(aws, 2)
    now = int(time.time())
    one = {"Namespace": "IoT1Click", "MetricName": "RemainingLife",
           "Dimensions": [{"Name": "Project", "Value": "Rating"}]}
    expect_equal(ask_json(service, aws, "ListMetrics", {
        "MetricName": "RemainingLife", "Dimensions": [{"Name": "Project"}]}),
        (200, {"Metrics": [one]}))
    status, got = ask_json(service, aws, "GetMetricStatistics", dict(
        one, StartTime=now - 1800, EndTime=now + 1800.5, Period=3600,
        Statistics=["Average", "SampleCount"]))
    point = got["Datapoints"][0]
    expect_equal((status, got["Label"], point["Average"], point["SampleCount"],
                  point["Unit"]), (200, "RemainingLife", 50, 2, "Percent"))
    expect(abs(point["Timestamp"] - now) <= 1860, point)
    status, got = ask_json(service, aws, "GetMetricData", {
        "StartTime": now - 1800, "EndTime": now + 1800, "MetricDataQueries": [
            {"Id": "m1", "ReturnData": True,
             "MetricStat": {"Metric": one, "Period": 3600, "Stat": "Minimum"}}]})
    expect_equal((status, got["MetricDataResults"][0]["Values"]), (200, [50]))
    status, got = ask_json(service, aws, "GetMetricStatistics", dict(
        one, StartTime=now, EndTime=now + 1, Period=7, Statistics=["Sum"]))
    expect_equal((status, got["__type"]), (400, "InvalidParameterValue"), got)
    status, got = ask_json(service, aws, "ListMetrics", {"a.b": 1, "a": {"b": 2}})
    expect_equal((status, got["__type"]), (400, "MalformedQueryString"), got)
    expect_equal(ask_json(service, aws, "PutMetricData", {})[1]["__type"], "InvalidAction")


def what_cloudwatch_cannot_answer_is_refused_in_its_own_words(place):
    service, aws, _ = start(place)
    span = ["--start-time", "2026-01-01T00:00:00Z", "--end-time", "2026-01-02T00:00:00Z"]
    one = ["cloudwatch", "get-metric-statistics", "--namespace", "IoT1Click",
           "--metric-name", "TotalEvents"]
    said = aws.refused("InvalidParameterValue", *one, *span, "--period", "30",
                       "--statistics", "Sum")
    expect("multiple of 60" in said, said)
    aws.refused("InvalidParameterCombination", *one, "--start-time", "2026-01-02",
                "--end-time", "2026-01-01", "--period", "60", "--statistics", "Sum")
    said = aws.refused("InvalidParameterCombination", *one, "--start-time", "2026-01-01",
                       "--end-time", "2026-02-01", "--period", "60", "--statistics", "Sum")
    expect("44640 datapoints" in said, said)
    aws.refused("MissingParameter", *one, *span, "--period", "60")
    said = aws.refused("InvalidParameterValue", *one, *span, "--period", "60",
                       "--extended-statistics", "p99")
    expect("Percentiles" in said, said)
    said = aws.refused("InvalidParameterValue", "cloudwatch", "get-metric-data", *span,
                       "--metric-data-queries", '[{"Id":"e1","Expression":"SUM(METRICS())"}]')
    expect("no expressions" in said, said)
    aws.refused("InvalidAction", "cloudwatch", "describe-alarms")
    aws.refused("UnknownOperationException", "cloudtrail", "list-trails")
    poor = rig.Aws(service, service.key("bob"))
    said = poor.refused("AccessDenied", "cloudwatch", "list-metrics")
    expect("cloudwatch:ListMetrics" in said, said)
    poor.refused("AccessDeniedException", "cloudtrail", "lookup-events")
    bad = rig.Aws(service, (aws.env["AWS_ACCESS_KEY_ID"], "x" * 40))
    bad.refused("SignatureDoesNotMatch", "cloudwatch", "list-metrics")
    bad.refused("InvalidSignatureException", "cloudtrail", "lookup-events")
    bad = rig.Aws(service, ("AKIAIOSFODNN7EXAMPLE", "x" * 40))
    bad.refused("InvalidClientTokenId", "cloudwatch", "list-metrics")
    status, _, body = rig.http(service.url + "/", "POST", "{}", {
        "Content-Type": "application/x-amz-json-1.1",
        "X-Amz-Target": "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents"})
    expect_equal((status, json.loads(body)["__type"]),
                 (403, "MissingAuthenticationTokenException"), body)


def the_aws_command_looks_events_up(place):
    service, aws, _ = start(place)
    aws.devices("describe-device", "--device-id", DEVICE)
    aws.refused("ResourceNotFoundException", "iot1click-projects", "describe-project",
                "--project-name", "Nowhere")

    def look(*words):
        return aws("cloudtrail", "lookup-events", *words)["Events"]

    def attribute(key, value):
        return look("--lookup-attributes", f"AttributeKey={key},AttributeValue={value}")

    rig.wait_for("the records of the reads",
                 lambda: len(attribute("ReadOnly", "true")) >= 2)
    names = [e["EventName"] for e in look() if e["EventSource"].startswith("iot1click")]
    expect_equal(names[-4:], ["AssociateDeviceWithPlacement", "CreatePlacement",
                              "CreateProject", "ClaimDevicesByClaimCode"], "newest first")
    got = attribute("EventName", "CreateProject")
    expect_equal(len(got), 1)
    record = json.loads(got[0]["CloudTrailEvent"])
    expect_equal(record["eventID"], got[0]["EventId"])
    expect_equal(record["requestParameters"]["projectName"], "Rating")
    expect_equal(record["userIdentity"]["userName"], "alice")
    expect_equal(got[0]["Username"], "alice")
    expect_equal(got[0]["ReadOnly"], "false")
    expect_equal(got[0]["AccessKeyId"], aws.env["AWS_ACCESS_KEY_ID"])
    expect_equal(got[0]["Resources"], [
        {"ResourceType": "AWS::IoT1Click::Project", "ResourceName": "Rating"}])
    expect_equal(attribute("EventId", got[0]["EventId"]), got)
    expect_equal(len(attribute("ResourceName", DEVICE)), 2, "associated, described")
    expect_equal({e["EventName"] for e in attribute("ResourceType",
                                                    "AWS::IoT1Click::Placement")},
                 {"CreatePlacement", "AssociateDeviceWithPlacement"})
    expect_equal(attribute("Username", "nobody"), [])
    expect(attribute("AccessKeyId", got[0]["AccessKeyId"]), "records of the key")
    expect({e["EventSource"] for e in attribute("EventSource", "cloudtrail.amazonaws.com")}
           == {"cloudtrail.amazonaws.com"}, "looking is recorded, too")
    refused = attribute("ResourceName", "Nowhere")[0]
    expect_equal(json.loads(refused["CloudTrailEvent"])["errorCode"],
                 "ResourceNotFoundException")


def records_are_looked_up_by_time_and_in_pages(place):
    service, aws, _ = start(place)
    devices = rig.botocore_client(
        service, (aws.env["AWS_ACCESS_KEY_ID"], aws.env["AWS_SECRET_ACCESS_KEY"]),
        "iot1click-devices")
    for i in range(120):  # no two alike: the same bytes within a second are one call
        devices.list_devices(MaxResults=1 + i)
    rig.wait_for("120 records", lambda: len(aws(
        "cloudtrail", "lookup-events", "--lookup-attributes",
        "AttributeKey=EventName,AttributeValue=ListDevices")["Events"]) == 120)
    now = int(time.time())
    expect_equal(aws("cloudtrail", "lookup-events", "--end-time", str(now - 3600)),
                 {"Events": []}, "nothing happened an hour ago")
    expect_equal(aws("cloudtrail", "lookup-events", "--start-time", str(now + 3600),
                     "--end-time", str(now + 7200)), {"Events": []})
    client = rig.botocore_client(
        service, (aws.env["AWS_ACCESS_KEY_ID"], aws.env["AWS_SECRET_ACCESS_KEY"]),
        "cloudtrail")
    page = client.lookup_events(MaxResults=7)
    expect_equal(len(page["Events"]), 7)
    more = client.lookup_events(MaxResults=7, NextToken=page["NextToken"])
    expect_equal({e["EventId"] for e in page["Events"]} &
                 {e["EventId"] for e in more["Events"]}, set(), "each once")
    aws.refused("InvalidNextTokenException", "cloudtrail", "lookup-events", "--no-paginate",
                "--next-token", "made-up")
    aws.refused("InvalidTimeRangeException", "cloudtrail", "lookup-events", "--start-time",
                str(now), "--end-time", str(now - 60))
    aws.refused("InvalidLookupAttributesException", "cloudtrail", "lookup-events",
                "--lookup-attributes", "AttributeKey=EventName,AttributeValue=a",
                "AttributeKey=EventName,AttributeValue=b")


def each_event_is_counted_once_through_any_number_of_crashes(place):
    service, aws, tokens = start(place)
    sent = 0
    for _ in range(5):
        press(service, tokens, times=20)
        sent += 20
        time.sleep(0.4)
        service.process.kill()
        service.start()
    press(service, tokens, times=3)
    wait_counted(aws, sent + 3)
    time.sleep(2)
    wait_counted(aws, sent + 3)
    points = statistics(aws, "TotalEvents", "Project", "Rating", "Sum", "SampleCount")
    expect_equal((points[0]["Sum"], points[0]["SampleCount"]), (sent + 3.0, sent + 3.0))


def scrape(service, accept=None):
    return service.metrics(**({"Accept": accept} if accept else {}))


def promtool_finds_nothing_wrong_with_the_metrics(place):
    service, aws, tokens = start(place)
    press(service, tokens, remainingLife=42)
    rig.wait_for("the press in the metrics", lambda: 'event="SINGLE"' in scrape(service)[2])
    status, headers, text = scrape(service)
    expect_equal((status, headers["content-type"]),
                 (200, "text/plain; version=0.0.4; charset=utf-8"))
    done = subprocess.run([PROMTOOL, "check", "metrics"], input=text, text=True,
                          capture_output=True, timeout=60)
    expect_equal((done.returncode, done.stdout + done.stderr), (0, ""), "promtool says")
    expect('oneclick_events_total{event="SINGLE",project="Rating",device_type="button",'
           'product_type="AWS IoT Enterprise Button"} 1\n' in text, text)
    expect('oneclick_device_remaining_life_bucket{project="Rating",le="40.0"} 0\n' in text
           and 'oneclick_device_remaining_life_bucket{project="Rating",le="50.0"} 1\n'
           in text, text)
    expect('oneclick_requests_total{operation="CreateProject",class="2xx"} 1\n' in text, text)
    expect(DEVICE not in text, "no series of a device")


def prometheus_own_parser_reads_openmetrics(place):
    from prometheus_client.openmetrics.parser import text_string_to_metric_families
    service, aws, tokens = start(place)
    press(service, tokens)
    kind = "application/openmetrics-text; version=1.0.0"
    rig.wait_for("the press", lambda: 'event="SINGLE"' in scrape(service, kind)[2])
    status, headers, text = scrape(service, kind)
    expect_equal((status, headers["content-type"]), (200, kind + "; charset=utf-8"))
    families = {f.name: f for f in text_string_to_metric_families(text)}
    expect_equal(families["oneclick_events"].type, "counter")
    expect_equal(families["oneclick_device_remaining_life"].type, "histogram")
    expect_equal(families["oneclick_broker_linked"].samples, [], "there is no broker")
    expect(families["process_start_time_seconds"].samples[0].value > time.time() - 600,
           "when it started")


def expressions_of_the_dashboard():
    with open(os.path.join(CONTRIB, "grafana/oneclick.json"), encoding="utf-8") as f:
        panels = json.load(f)["panels"]
    return [t["expr"].replace("$__rate_interval", "1m").replace("$instance", ".*")
            for p in panels for t in p.get("targets", [])]


def a_real_prometheus_scrapes_and_knows_the_rules(place):
    service, aws, tokens = start(place)
    port = rig.free_port()
    config = place.write("prometheus.yml", f"""
global: {{scrape_interval: 1s, evaluation_interval: 1s}}
rule_files: ['{os.path.abspath(CONTRIB)}/prometheus/alerts.yml']
scrape_configs:
  - job_name: oneclick
    authorization: {{credentials_file: {place.join('metrics.token')}}}
    static_configs: [{{targets: ['127.0.0.1:{service.port}']}}]
""")
    press(service, tokens, times=2)
    prometheus = subprocess.Popen(
        ["/usr/bin/prometheus", "--config.file", config, "--storage.tsdb.path",
         place.join("tsdb"), "--web.listen-address", f"127.0.0.1:{port}",
         "--log.level", "error"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        def asked():
            try:
                _, _, body = rig.http(f"http://127.0.0.1:{port}/api/v1/query?query="
                                      "sum(oneclick_events_total)")
                found = json.loads(body)["data"]["result"]
                return found and found[0]["value"][1] == "2"
            except (OSError, ValueError):
                return False
        rig.wait_for("Prometheus to have it", asked, 30)
        _, _, body = rig.http(f"http://127.0.0.1:{port}/api/v1/rules")
        rules = [r for g in json.loads(body)["data"]["groups"] for r in g["rules"]]
        expect(rules and all(r["health"] in ("ok", "unknown") for r in rules), body)
        for expr in expressions_of_the_dashboard():
            _, _, body = rig.http(f"http://127.0.0.1:{port}/api/v1/query?query=" +
                                  urllib.parse.quote(expr))
            expect_equal(json.loads(body)["status"], "success", f"{expr}: {body}")
    finally:
        prometheus.send_signal(signal.SIGTERM)
        prometheus.wait(30)


def rules_are_well_formed_and_fire_when_they_should(place):
    token = place.write("metrics.token", "a-long-enough-token\n")
    with open(CONTRIB + "/prometheus/prometheus.yml", encoding="utf-8") as f:
        config = f.read().replace("/etc/prometheus/oneclick.token", token)
    config = place.write("prometheus.yml", config.replace(
        "alerts.yml", os.path.abspath(CONTRIB) + "/prometheus/alerts.yml"))
    for words in (["check", "rules", CONTRIB + "/prometheus/alerts.yml"],
                  ["test", "rules", CONTRIB + "/prometheus/alerts_test.yml"],
                  ["check", "config", config]):
        done = subprocess.run([PROMTOOL, *words], capture_output=True, text=True,
                              timeout=60)
        expect_equal(done.returncode, 0, done.stdout + done.stderr)


def rules_and_dashboard_ask_for_metrics_there_are(place):
    service, _, tokens = start(place, "--mqtt", "mqtt://127.0.0.1:1")
    press(service, tokens)
    rig.wait_for("the press", lambda: 'event="SINGLE"' in scrape(service)[2])
    there = {line.split()[2] for line in scrape(service)[2].splitlines()
             if line.startswith("# TYPE")}
    there |= {name + end for name in there for end in ("_bucket", "_sum", "_count")}
    import re
    for name in ("prometheus/alerts.yml", "grafana/oneclick.json"):
        with open(os.path.join(CONTRIB, name), encoding="utf-8") as f:
            asked = set(re.findall(r"\b(?:oneclick|process)_[a-z_]+", f.read()))
        expect(asked and asked <= there, f"{name} asks for {sorted(asked - there)}")


def value_of(service, series):
    """Of the series with this name and these labels; None when there is none."""
    for line in scrape(service)[2].splitlines():
        if line.rsplit(" ", 1)[0] == series:
            return float(line.rsplit(" ", 1)[1])


def a_callback_that_fails_shows_in_cloudwatch_and_prometheus(place):
    secret = place.write("secret", "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n")
    config = place.write("oneclick.yaml", json.dumps({"destinations": [
        {"match": ARN, "webhook": {"url": f"http://127.0.0.1:{rig.free_port()}/",
                                   "secret-file": secret}}]}))
    os.chmod(secret, 0o600)
    os.chmod(config, 0o600)
    service, aws, tokens = start(place, "--config", config)
    aws.projects("update-project", "--project-name", "Rating", "--placement-template",
                 json.dumps({"deviceTemplates": {"happy": {
                     "deviceType": "button",
                     "callbackOverrides": {"onClickCallback": ARN}}}}))
    aws.devices("update-device-state", "--device-id", DEVICE, "--enabled")
    expect_equal(value_of(service, 'oneclick_deliveries_total{result="failed"}'), 0.0)
    press(service, tokens)
    rig.wait_for("the failure", lambda: value_of(
        service, 'oneclick_deliveries_total{result="failed"}'))
    expect(value_of(service, 'oneclick_callback_errors_total{callback="' + ARN +
                    '",project="Rating"}') >= 1, scrape(service)[2])
    expect_equal(value_of(service, "oneclick_deliveries_waiting"), 1.0)
    for name, value in (("Callback", ARN), ("Project", "Rating")):
        point = rig.wait_for("the metric", lambda: statistics(
            aws, "CallbackInvocationErrors", name, value, "Sum"))[0]
        expect(point["Sum"] >= 1 and point["Unit"] == "Count", point)


def the_brokers_link_shows(place):
    broker = rig.Broker(place)
    service = rig.Service(place, "--mqtt", broker.url)
    linked = lambda: value_of(service, "oneclick_broker_linked")
    rig.wait_for("the link", lambda: linked() == 1.0)
    broker.kill()
    rig.wait_for("its end", lambda: linked() == 0.0)
    expect_equal(rig.http(service.url + "/readyz")[0], 200, "HTTP still works")


def a_token_file_that_others_can_read_is_refused_at_the_start(place):
    secret = place.write("token", "a-long-enough-token\n")
    os.chmod(secret, 0o644)
    done = subprocess.run(
        [rig.ONECLICKD, "--listen", "127.0.0.1:0", "--state", place.join("fleet"),
         "--metrics-token-file", secret], capture_output=True, text=True, timeout=60,
        env=place.environment())
    expect(done.returncode != 0 and "--metrics-token-file" in done.stderr and
           secret in done.stderr, done.stderr)


def metrics_are_read_over_tcp_with_the_token_alone(place):
    """An address proves nothing: an untouched proxy on this machine is this machine."""
    socket_path = place.join("s")
    service, _, _ = start(place, "--socket", socket_path)
    status, _, body = service.metrics(token=None)
    expect_equal(status, 403, body)
    expect("--metrics-token-file" in body, body)
    expect_equal(service.metrics()[0], 200)
    expect_equal(service.metrics(token="another-token")[0], 403)
    place.write("metrics.token", "a-newer-token\n")
    expect_equal(service.metrics(token="a-newer-token")[0], 200, "read anew")
    done = subprocess.run(["/usr/bin/curl", "-s", "--unix-socket", socket_path,
                           "http://localhost/metrics"], capture_output=True, text=True,
                          timeout=60)
    expect("oneclick_" in done.stdout, done.stdout + done.stderr)


def without_a_token_file_metrics_are_closed_over_tcp(place):
    service = rig.Service(place, metrics=False)
    for headers in ({}, {"X-Forwarded-For": "127.0.0.1"}, {"Forwarded": "for=127.0.0.1"}):
        expect_equal(rig.http(service.url + "/metrics", headers=headers)[0], 403, headers)


def ready_is_what_can_write(place):
    service, _, _ = start(place)
    expect_equal(rig.http(service.url + "/readyz")[0], 200)
    expect_equal(rig.http(service.url + "/readyz", "POST")[0], 405)


def records(text):
    return [json.loads(line) for line in text.splitlines()]


def auditors_take_the_records_away_as_json_lines(place):
    service, aws, _ = start(place)
    done = service.command("audit", "export")
    got = records(done.stdout)
    calls = [r for r in got if r["eventType"] == "AwsApiCall"]
    names = [r["eventName"] for r in calls]
    expect_equal(names[:4], ["ClaimDevicesByClaimCode", "CreateProject", "CreatePlacement",
                             "AssociateDeviceWithPlacement"], "oldest first")
    template = calls[1]["requestParameters"]["placementTemplate"]
    expect_equal(template["deviceTemplates"]["happy"]["deviceType"], "button")
    later = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 60))
    expect_equal(service.command("audit", "export", "--from", later).stdout, "")
    expect_equal(len(records(service.command("audit", "export", "--to", later).stdout)),
                 len(got))
    done = service.command("audit", "export", "--from", "yesterday", ok=False)
    expect(done.returncode == 1 and "--from takes" in done.stderr, done.stderr)


def the_console_writes_the_records_of_all_requests_to_a_file(place):
    service, aws, _ = start(place)
    client = rig.botocore_client(service, (aws.env["AWS_ACCESS_KEY_ID"],
                                           aws.env["AWS_SECRET_ACCESS_KEY"]),
                                 "iot1click-devices")
    rig.http(service.url + "/devices", headers={"User-Agent": "caf\u00e9\u202e".encode()})
    for _ in range(260):
        client.list_devices()
    rig.wait_for("their records", lambda: len(records(
        service.command("audit", "export").stdout)) >= 264)

    def run(*words):
        return subprocess.run(
            [rig.ONECLICK, "--endpoint", service.url, *words],
            env=place.environment(**{k: v for k, v in aws.env.items()
                                     if k.startswith("AWS_")}),
            capture_output=True, text=True, timeout=60 * rig.SLOW)

    path = place.join("audit.jsonl")
    done = run("audit", "export", path)
    expect_equal((done.returncode, done.stdout), (0, ""), done.stderr)
    expect_equal(os.stat(path).st_mode & 0o777, 0o600, "its owner's alone")
    with open(path, encoding="utf-8") as f:
        got = records(f.read())
    known = records(service.command("audit", "export").stdout)
    expect_equal(len({r["eventID"] for r in got}), len(got), "each once")
    expect_equal(got[::-1], [r for r in known if r["eventID"] in
                             {g["eventID"] for g in got}], "newest first, and all the same")
    expect(len(got) >= 264, f"more than a page: {len(got)}")
    done = run("audit", "export", "-")
    expect_equal(records(done.stdout)[-1], got[-1])
    done = run("audit", "export", place.join("missing", "audit.jsonl"))
    expect(done.returncode != 0 and "cannot be written" in done.stderr, done.stderr)
    done = run("audit", "export")
    expect(done.returncode == 2 and "PATH" in done.stderr, done.stderr)
    expect_equal([n for n in os.listdir(place.path) if n.startswith("audit.jsonl.")], [],
                 "nothing half written is left")


def the_chain_of_records_shows_what_was_changed_or_taken_out(place):
    service, aws, _ = start(place)
    said = service.command("audit", "verify").stdout
    expect("records follow one another" in said, said)
    head = said.split("head ")[1].strip()
    aws.devices("list-devices")
    rig.wait_for("one more record",
                 lambda: service.command("audit", "verify").stdout != said)
    service.process.close()
    done = service.command("audit", "verify", "--head", head)
    expect("is still there" in done.stdout, done.stdout)

    def tamper(statement):
        with sqlite3.connect(os.path.join(service.state, "oneclick.db")) as link:
            link.execute(statement)
        link.close()

    tamper("DELETE FROM audit WHERE pos = (SELECT max(pos) FROM audit)")
    tamper("DELETE FROM audit WHERE pos = (SELECT max(pos) FROM audit)")
    done = service.command("audit", "verify", ok=False)
    expect(done.returncode == 1 and "the end was cut off" in done.stderr, done.stderr)
    tamper("UPDATE audit SET record = replace(record, 'Operator', 'Nobody') WHERE pos = 3")
    done = service.command("audit", "verify", ok=False)
    expect(done.returncode == 1 and "position 3" in done.stderr, done.stderr)


rig.run(globals())
