"""What the tests of the ends that credentials come from share: a simulator with all of them, and a
way to ask each by hand.
"""

import http.client
import json
import os
import socket
import ssl
import time
import unittest
import urllib.error
from contextlib import closing
from datetime import datetime, timezone
from unittest import mock
from urllib.parse import urlencode
from xml.etree import ElementTree

from support import DEADLINE, Running, clean_environment

import botocore.config
from botocore.exceptions import ClientError

TOKEN = "container+token/for=tests"
ROLES = "/latest/meta-data/iam/security-credentials/"
ALIAS = "ivs-device"


class EndTest(unittest.TestCase):
    """With a simulator that has all ends, for the whole module."""

    running = None

    @classmethod
    def start(cls):
        EndTest.running = Running(sts_port=0, container_port=0, container_token=TOKEN, imds_port=0,
                                  iot_port=0, web_identity=True)

    @classmethod
    def stop(cls):
        EndTest.running.stop()

    def setUp(self):
        self.running.control("reset", {})
        self.ends = self.running.control("ends")["ends"]

    def asked(self, end):
        return self.running.control("ends")["ends"][end]["asked"]

    def fail_next(self, end, how, **members):
        self.running.control("ends/fail", {"end": end, "how": how, **members})

    def get(self, end, path, headers=(), method="GET"):
        """(status, text) of a plain end."""
        port = int(self.ends[end]["url"].rsplit(":", 1)[1])
        with closing(http.client.HTTPConnection("localhost", port, timeout=DEADLINE)) as connection:
            connection.request(method, path, headers=dict(headers))
            answer = connection.getresponse()
            return answer.status, answer.read().decode()

    def refused(self, name, body):
        with self.assertRaises(urllib.error.HTTPError) as caught:
            self.running.control(name, body)
        with caught.exception as answer:
            self.assertEqual(answer.code, 400)
            return json.load(answer)["error"]

    def call(self, access_key, secret_key, token):
        """The code of an IVS call with these credentials, "" for success."""
        client = self.running.client(access_key=access_key, secret_key=secret_key, token=token)
        with closing(client):
            try:
                client.list_channels()
            except ClientError as error:
                return error.response["Error"]["Code"]
            return ""

    def good_until(self, text, seconds):
        """The expiration is `seconds` from now by the simulator's clock."""
        ends = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=timezone.utc)
        left = ends.timestamp() - time.time() - self.running.control("state")["clockSkew"]
        self.assertTrue(seconds - 5 <= left <= seconds + 1, left)

    def environment(self, *names, **more):
        """Only these of the simulator's variables, and no file of the user's."""
        chosen = {name: self.running.environment[name] for name in names}
        return mock.patch.dict(os.environ, clean_environment(
            {**chosen, "AWS_CA_BUNDLE": self.running.ca, "AWS_DEFAULT_REGION": "us-west-2",
             **more}), clear=True)

    def ivs_client(self, session):
        """A client whose credentials the session finds."""
        return session.create_client(
            "ivs", endpoint_url=self.running.environment["AWS_ENDPOINT_URL_IVS"],
            verify=self.running.ca,
            config=botocore.config.Config(retries={"max_attempts": 0}, connect_timeout=DEADLINE,
                                          read_timeout=DEADLINE))

    def ask_container(self, token=TOKEN, path=None):
        headers = {"Authorization": token} if token else {}
        return self.get("container", path or self.ends["container"]["path"], headers)

    def metadata_token(self, seconds="21600"):
        return self.get("imds", "/latest/api/token",
                        {"X-aws-ec2-metadata-token-ttl-seconds": seconds}, "PUT")

    def ask_metadata(self, path, token=None):
        return self.get("imds", path, {"x-aws-ec2-metadata-token": token} if token else {})

    def post_sts(self, form, headers=(), target="/"):
        port = int(self.ends["sts"]["url"].rsplit(":", 1)[1])
        context = ssl.create_default_context(cafile=self.running.ca)
        body = urlencode(form).encode() if isinstance(form, dict) else form
        with closing(http.client.HTTPSConnection("localhost", port, timeout=DEADLINE,
                                                 context=context)) as connection:
            connection.request("POST", target, body, {
                "Content-Type": "application/x-www-form-urlencoded", **dict(headers)})
            answer = connection.getresponse()
            self.assertEqual(answer.headers["Content-Type"], "text/xml")
            return answer.status, ElementTree.fromstring(answer.read())

    def device_context(self, certificate=None, key=None, version=None):
        context = ssl.create_default_context(cafile=self.running.ca)
        if version:
            context.minimum_version = context.maximum_version = version
        if certificate:
            context.load_cert_chain(certificate, key)
        return context

    def device(self, **options):
        iot = self.ends["iot"]
        return self.device_context(iot["certificate"], iot["key"], **options)

    def ask_device(self, context, alias=ALIAS, headers=(), name="localhost"):
        """(status, JSON) over a connection with this SNI; raises what TLS raises."""
        port = int(self.ends["iot"]["url"].rsplit(":", 1)[1])
        context.check_hostname = name == "localhost"
        with socket.create_connection(("localhost", port), DEADLINE) as sock, \
                context.wrap_socket(sock, server_hostname=name) as secure:
            lines = [f"GET /role-aliases/{alias}/credentials HTTP/1.1", "Host: localhost",
                     "Connection: close", *headers]
            secure.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
            answer = http.client.HTTPResponse(secure)
            answer.begin()
            return answer.status, json.loads(answer.read())
