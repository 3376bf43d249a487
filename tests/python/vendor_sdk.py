"""Calls the platform with the vendor's own client.

Run: python vendor_sdk.py; the first line of the input says where and with which keys:
{"endpoint", "accessKeyId", "accessKeySecret", "securityToken", "signatureAlgorithm"}. Each further
line is a call, {"action", "parameters"}, answered by a line with {"answer"} or {"error"}.
"""

import json
import re
import sys

from alibabacloud_onsmqtt20200420 import models
from alibabacloud_onsmqtt20200420.client import Client
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_util.models import RuntimeOptions


def call(client, action, parameters):
    """Calls the method of that name with the model of that name."""
    method = re.sub(r"(?<=[a-z])(?=[A-Z])", "_", action).lower()
    request = getattr(models, action + "Request")().from_map(parameters)
    runtime = RuntimeOptions(autoretry=False, connect_timeout=10_000, read_timeout=10_000)
    return getattr(client, method + "_with_options")(request, runtime).body.to_map()


def say(value):
    print(json.dumps(value), flush=True)


def main():
    lines = iter(sys.stdin.readline, "")
    there = json.loads(next(lines))
    client = Client(
        Config(
            protocol="http",
            endpoint=there["endpoint"],
            access_key_id=there["accessKeyId"],
            access_key_secret=there["accessKeySecret"],
            security_token=there.get("securityToken"),
            signature_algorithm=there.get("signatureAlgorithm"),
        )
    )
    for line in lines:
        wanted = json.loads(line)
        try:
            say({"answer": call(client, wanted["action"], wanted["parameters"])})
        except Exception as error:  # whatever the client raises is what the test looks at
            say({"error": {"code": str(getattr(error, "code", "")), "message": str(error)}})


main()
