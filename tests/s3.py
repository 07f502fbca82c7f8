"""S3 servers on this machine."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler

BUCKET = "bucket"

# One request at a time: moto looks whether an object exists and writes it in two steps, which a real server does in one.
SERVER = """
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
server = make_server("127.0.0.1", 0, DomainDispatcherApplication(create_backend_app), threaded=False)
print(server.port, flush=True)
server.serve_forever()
"""
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": "us-east-1"}


@contextmanager
def s3_server() -> Iterator[dict[str, str]]:
    """Run a server with an empty bucket; yield the variables that lead to it."""
    environment = {**os.environ, **CREDENTIALS}
    process = subprocess.Popen(
        [sys.executable, "-c", SERVER], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    )
    try:
        assert process.stdout
        variables = {**CREDENTIALS, "AWS_ENDPOINT_URL": f"http://127.0.0.1:{process.stdout.readline().strip()}"}
        import boto3

        names = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": "us-east-1"}
        boto3.client("s3", endpoint_url=variables["AWS_ENDPOINT_URL"], **names).create_bucket(Bucket=BUCKET)
        yield variables
    finally:
        process.kill()
        process.wait()


class Refusing(BaseHTTPRequestHandler):
    """A server that knows no key."""

    protocol_version = "HTTP/1.1"  # of which it is a part that a client asks before it sends a body

    def do_PUT(self) -> None:
        """Refuse to write."""
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b"<Error><Code>InvalidAccessKeyId</Code><Message>The key does not exist.</Message></Error>"
        self.send_response(403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *arguments: object) -> None:
        """Print nothing."""
