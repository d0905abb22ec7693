"""botocore's paginators over a thousand of each, and page tokens nobody can make up."""
import botocore.exceptions

import rig
from rig import expect, expect_equal

CODE = "C-PAGES000000"


def refusal(call, **words):
    try:
        call(**words)
    except botocore.exceptions.ClientError as e:
        return (e.response["Error"]["Code"],
                e.response["ResponseMetadata"]["HTTPStatusCode"])
    raise rig.Failed(f"{words} was not refused")


def a_thousand_devices_page_by_page(place):
    service = rig.Service(place)
    ids = [f"G030PM{i:010d}" for i in range(1000)]
    service.register(*ids, code=CODE)
    devices = rig.botocore_client(service, service.key(), "iot1click-devices")
    expect_equal(devices.claim_devices_by_claim_code(ClaimCode=CODE)["Total"], 1000)

    pager = devices.get_paginator("list_devices")
    for size in (None, 1000, 250, 7):
        pages = list(pager.paginate(PaginationConfig={"PageSize": size} if size and
                                    size <= 250 else {}))
        got = [d["DeviceId"] for p in pages for d in p["Devices"]]
        expect_equal(got, ids, f"every device once, in order, by pages of {size}")
        expect("NextToken" not in pages[-1], "the last page has no token")
    expect_equal(refusal(devices.list_devices, MaxResults=251),
                 ("InvalidRequestException", 400))
    expect_equal(refusal(devices.list_devices, NextToken="made-up"),
                 ("RangeNotSatisfiableException", 416))
    token = devices.list_devices(MaxResults=10)["NextToken"]
    changed = token[:-2] + ("AA" if token[-2:] != "AA" else "BB")
    expect_equal(refusal(devices.list_devices, NextToken=changed),
                 ("RangeNotSatisfiableException", 416))
    other = rig.botocore_client(service, service.key("eve", account="111111111111"),
                                "iot1click-devices")
    expect_equal(refusal(other.list_devices, NextToken=token),
                 ("RangeNotSatisfiableException", 416))
    expect_equal(other.list_devices()["Devices"], [], "another account's fleet")


def a_list_shows_each_item_once_while_others_are_added_and_removed(place):
    service = rig.Service(place)
    projects = rig.botocore_client(service, service.key(), "iot1click-projects")
    projects.create_project(projectName="p")
    for i in range(0, 100, 2):
        projects.create_placement(projectName="p", placementName=f"room-{i:03d}")
    seen, token = [], None
    for turn in range(100):
        words = {"nextToken": token} if token else {}
        page = projects.list_placements(projectName="p", maxResults=10, **words)
        seen += [p["placementName"] for p in page["placements"]]
        token = page.get("nextToken")
        if not token:
            break
        projects.create_placement(projectName="p", placementName=f"room-{turn * 2 + 1:03d}")
        projects.delete_placement(projectName="p", placementName=f"room-{turn * 2:03d}")
    expect_equal(len(seen), len(set(seen)), "no item twice")
    expect(set(f"room-{i:03d}" for i in range(20, 100, 2)) <= set(seen),
           "every item that was there all the while")
    expect_equal(refusal(projects.list_placements, projectName="p", nextToken="made-up"),
                 ("InvalidRequestException", 400))


def the_events_of_a_device_page_by_page_and_by_time(place):
    service = rig.Service(place)
    token = service.register("G030PM0000000001", code=CODE)["G030PM0000000001"]
    devices = rig.botocore_client(service, service.key(), "iot1click-devices")
    devices.claim_devices_by_claim_code(ClaimCode=CODE)
    for i in range(25):
        at = f"2026-03-01T10:{i:02d}:00.000Z"
        expect_equal(rig.press(service, token, "G030PM0000000001", reportedTime=at)[0], 200)
    words = dict(DeviceId="G030PM0000000001", FromTimeStamp="2026-03-01T10:05:00Z",
                 ToTimeStamp="2026-03-01T10:14:00Z")
    pages = list(devices.get_paginator("list_device_events").paginate(
        **words, PaginationConfig={"PageSize": 3}))
    times = [e["StdEvent"].split('"reportedTime": "')[1][14:16]
             for p in pages for e in p["Events"]]
    expect_equal(times, [f"{i:02d}" for i in range(5, 15)], "minutes, oldest first")


rig.run(globals())
