"""CloudWatch as newer clients ask it."""
import json

import botocore.auth
import botocore.awsrequest
import botocore.credentials

import rig
from rig import expect_equal


def ask_json(service, aws, operation, body):
    """As newer clients ask CloudWatch: JSON 1.0, named by a header."""
    request = botocore.awsrequest.AWSRequest(
        method="POST", url=service.url + "/", data=json.dumps(body), headers={
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": "GraniteServiceVersion20100801." + operation})
    key = botocore.credentials.Credentials(aws.env["AWS_ACCESS_KEY_ID"],
                                           aws.env["AWS_SECRET_ACCESS_KEY"])
    botocore.auth.SigV4Auth(key, "monitoring", rig.REGION).add_auth(request)
    status, headers, text = rig.http(service.url + "/", "POST", json.dumps(body),
                                     dict(request.prepare().headers))
    expect_equal(headers["content-type"], "application/x-amz-json-1.0")
    return status, json.loads(text)
