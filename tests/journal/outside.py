"""People outside: a time-stamping authority (openssl's) and a witness in a process of its own, both on loopback."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

CONFIGURATION = """
[ req ]
distinguished_name = name
prompt = no
[ name ]
CN = {name}
[ root ]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign
subjectKeyIdentifier = hash
[ stamping ]
basicConstraints = critical,CA:FALSE
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[ tsa ]
default_tsa = tsa1
[ tsa1 ]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ordering = no
tsa_name = yes
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class Authority:
    """A time-stamping authority with a root of its own; `asked` counts, `away` and `forge` make it misbehave."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked, self.away, self.other = 0, False, b""
        folder.mkdir()
        for name in ("root", "tsa"):
            (folder / f"{name}.cnf").write_text(CONFIGURATION.format(name=f"made-up {name}", folder=folder))
        self._openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "root.key", "-out", "root.pem",
                      "-days", "3650", "-config", "root.cnf", "-extensions", "root")  # fmt: skip
        self._openssl(
            "req", "-newkey", "rsa:2048", "-nodes", "-keyout", "tsa.key", "-out", "tsa.csr", "-config", "tsa.cnf"
        )
        self._openssl("x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial",
                      "-out", "tsa.pem", "-days", "3650", "-extfile", "tsa.cnf", "-extensions", "stamping")  # fmt: skip
        (folder / "serial").write_text("01")

    @property
    def roots(self) -> Path:
        return self.folder / "root.pem"

    def answer(self, query: bytes) -> bytes:
        (self.folder / "query.tsq").write_bytes(query)
        self._openssl("ts", "-reply", "-queryfile", "query.tsq", "-out", "reply.tsr", "-config", "tsa.cnf")
        return (self.folder / "reply.tsr").read_bytes()

    def _openssl(self, *words: str) -> None:
        subprocess.run(["openssl", *words], cwd=self.folder, check=True, capture_output=True)


@contextmanager
def listening(authority: Authority) -> Iterator[str]:
    """The address at which an authority answers."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            authority.asked += 1
            body = b"" if authority.away else authority.other or authority.answer(query)
            self.send_response(503 if authority.away else 200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@contextmanager
def witness(folder: Path, *journals: str, name: str = "witness.test/w1") -> Iterator[tuple[str, str]]:
    """`staydown witness` in a process of its own: its address and its key."""
    named = [word for journal in journals for word in ("--journal", journal)]
    command = [
        sys.executable,
        "-m",
        "staydown.cli",
        "witness",
        "--folder",
        str(folder),
        "--name",
        name,
        "--port",
        "0",
        *named,
    ]
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("STAYDOWN_", "DJANGO_"))}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout
        try:
            key = process.stdout.readline().removeprefix("Its key: ").strip()
            found = re.search(r"http://\S+", process.stdout.readline())
            assert found
            yield found[0].rstrip("/"), key
        finally:
            process.terminate()
