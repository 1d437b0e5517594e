"""staydown witness: keep other deployments' journals to their word. It needs no deployment of its own.

Run it on a machine whose administrator is not the journal's, behind a reverse proxy that ends TLS. It prints the line that
the other side puts into STAYDOWN_WITNESS.
"""

import signal
import sys
import time
from argparse import ArgumentParser, Namespace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import FrameType

from staydown.journal import witness
from staydown.journal.notes import SIGNATURE, BadNote, Key
from staydown.site.trouble import Trouble, of_files

HELP = "be the witness of other deployments' journals"


def add(parser: ArgumentParser) -> None:
    parser.add_argument("--folder", type=Path, required=True, help="where its key and what it saw are kept")
    parser.add_argument("--name", required=True, help="its name, for example witness.example.org/staydown")
    parser.add_argument(
        "--journal",
        action="append",
        required=True,
        metavar="NAME+HASH+KEY",
        help="a journal's verifier key, as `staydown journal key` prints it; once for each, and for each key it had",
    )
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8710)


def run(args: Namespace) -> int:
    if not args.name.isprintable() or set(args.name) & set(" +"):
        raise Trouble("A witness's name has no spaces and no plus sign: witness.example.org/staydown")
    try:
        kept = witness.Witness(args.folder, args.name, [_journal(text) for text in args.journal])
        server = ThreadingHTTPServer((args.host, args.port), handler(kept))
    except BadNote as error:
        raise Trouble(str(error)) from error
    except OSError as error:
        raise of_files(error, args.folder) from error
    server.daemon_threads = True
    signal.signal(signal.SIGTERM, _stop)
    print(f"Its key: {kept.key}")
    print(f"Listening on http://{args.host}:{server.server_port}/", flush=True)
    try:
        server.serve_forever()
    finally:
        server.server_close()
    return 0


def _stop(_signal: int, _frame: FrameType | None) -> None:
    sys.exit(0)


def _journal(text: str) -> Key:
    key = Key.read(text)
    if key.kind != SIGNATURE:
        raise BadNote(f"{text[:60]} is a witness's key, not a journal's.")
    return key


def handler(kept: witness.Witness) -> type[BaseHTTPRequestHandler]:
    """What answers one request: POST …/add-checkpoint."""

    class Handler(BaseHTTPRequestHandler):
        timeout = 20  # seconds for what a caller sends

        def do_POST(self) -> None:
            size = self.headers.get("Content-Length", "")
            if not self.path.endswith("/add-checkpoint") or not size.isdecimal() or int(size) > witness.LARGEST:
                self._reply(witness.Reply(400, b"POST a checkpoint to /add-checkpoint.\n"))
                return
            self._reply(kept.add_checkpoint(self.rfile.read(int(size)), int(time.time())))

        def log_message(self, *_: object) -> None:
            """Nothing of who called; what was refused is said by `_reply`."""

        def _reply(self, reply: witness.Reply) -> None:
            if reply.status != 200:
                print(f"Refused ({reply.status}): {reply.body.decode().strip()}", flush=True)
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.media_type)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)

    return Handler
