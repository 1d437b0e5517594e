"""A deployment with sealed evidence in it: a post of an adult, one of somebody whose age nobody knows, and words."""

import json
from pathlib import Path

from staydown.site.home import Home
from staydown.site.options.declaration import Program
from staydown.vault.words import new_key_pair
from tests.site import deployments

PIECES = {"item": 2, "report": 1}
SEALED = """
import django, threading
django.setup()
from http.server import BaseHTTPRequestHandler, HTTPServer
from staydown.journal.tasks import sign_head
from staydown.regimes.harms import Tri
from staydown.vault.evidence import tasks
from staydown.vault.evidence.models import Evidence
from tests import people
from tests.vault.evidence.light import posted

class Originals(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200 if "/item/" in self.path else 404)
        self.send_header("Content-Length", str(9 * 2**20))
        self.end_headers()
        self.wfile.write(self.path[-1].encode() * (9 * 2**20))
    def log_message(self, *_): pass

server = HTTPServer(("127.0.0.1", 0), Originals)
threading.Thread(target=server.serve_forever, daemon=True).start()
plaza = people.plaza()
plaza.evidence_url = f"http://127.0.0.1:{server.server_port}/{{kind}}/{{id}}"
plaza.save()
people.reported(posted(plaza, "post-1"), minor=Tri.NO, words="her words, seventeen violet umbrellas")
people.reported(posted(plaza, "post-2", "bob"), seed="two")
for row in Evidence.objects.exclude(kind="page"):
    tasks.seal(str(row.pk))
"""
TOLD = """
import django, json
django.setup()
from staydown.journal.verify import verify
from staydown.vault.evidence import checking
from staydown.vault.evidence.models import CaseKey
from staydown.vault.evidence.store import store
found = checking.check(store())
print(json.dumps({
    "sealed": found.sealed, "wrong": found.wrong, "orphans": found.orphans, "names": store().names(),
    "keys": CaseKey.objects.count(), "journal": len(verify()),
}))
"""


def custodians() -> dict[str, str]:
    """Four made-up custodians, as settings."""
    public = [new_key_pair()[1] for _ in range(4)]
    return {
        "STAYDOWN_CUSTODIANS_FIRST": ",".join(public[:2]),
        "STAYDOWN_CUSTODIANS_SECOND": ",".join(public[2:]),
        "STAYDOWN_OUTSIDE_ALLOW": "http://127.0.0.0/8",
    }


def lived_in(folder: Path, database: str = "", also: dict[str, str] | None = None) -> Home:
    home = deployments.made(folder, database, custodians() | (also or {}))
    deployments.with_tables(home, database)
    deployments.run(home, "-c", SEALED, program=Program.WORKER)
    return home


def told(home: Home) -> dict:
    """What `staydown evidence check` finds there."""
    return json.loads(deployments.run(home, "-c", TOLD, program=Program.WORKER).stdout)
