"""What is in the package, in the words of CASE and UCO (https://caseontology.org), as JSON-LD: for an authority's systems. Pure.

It repeats the acquisition records and the custody log, which stay what is proven: `verify.py` reads those.
"""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid5

from staydown.vault.evidence.records import Record

type Node = dict[str, Any]
NAME = "case-uco.jsonld"
ONTOLOGY = "https://ontology.unifiedcyberontology.org/uco"
CONTEXT = {
    "kb": "urn:staydown:",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "case-investigation": "https://ontology.caseontology.org/case/investigation/",
    **{f"uco-{part}": f"{ONTOLOGY}/{part}/" for part in ("action", "core", "identity", "observable", "tool", "types")},
}


def graph(said: Node, originals: Sequence[tuple[str, Record]]) -> bytes:
    """A released package (its release.json), and its originals as (name of the file, record), as JSON-LD in UTF-8."""
    about = [node for name, record in originals for node in _original(name, record)]
    custody = [_entry(entry) for entry in said["custody"]["entries"]]
    case = {
        **_node("investigation", said["case"], "case-investigation:Investigation"),
        "uco-core:name": said["reference"],
        "uco-core:object": [{"@id": node["@id"]} for node in (*about, *custody) if not node["@type"].endswith("Facet")],
    }
    return json.dumps({"@context": CONTEXT, "@graph": [case, *about, *custody]}, ensure_ascii=False, indent=1).encode()


def _original(name: str, record: Record) -> list[Node]:
    """A file, who took it with which tool, and the act of taking it."""
    file = _node("file", record.evidence, "uco-observable:File") | {"uco-core:hasFacet": _facets(name, record)}
    tool, _, version = record.tool.partition(" ")
    taken_with = _node("tool", _part(record, "tool"), "uco-tool:Tool")
    taken_with |= {"uco-core:name": tool, "uco-tool:version": version}
    by = _node("identity", _part(record, "by"), "uco-identity:Identity") | {"uco-core:name": record.by}
    taking = {
        **_node("acquisition", _part(record, "taking"), "case-investigation:InvestigativeAction"),
        "uco-core:name": "acquired",
        "uco-core:description": f"{record.kind} {record.name} from {record.source}",
        "uco-action:startTime": _moment(record.asked_at),
        "uco-action:endTime": _moment(record.ended_at),
        "uco-action:instrument": {"@id": taken_with["@id"]},
        "uco-action:performer": {"@id": by["@id"]},
        "uco-action:result": [{"@id": file["@id"]}],
    }
    return [file, taken_with, by, taking]


def _facets(name: str, record: Record) -> list[Node]:
    value = {"@type": "xsd:hexBinary", "@value": record.sha256}
    hashed = _node("hash", _part(record, "hash"), "uco-types:Hash")
    return [
        {
            **_node("file-facet", _part(record, "file"), "uco-observable:FileFacet"),
            "uco-observable:fileName": name.rpartition("/")[2],
            "uco-observable:filePath": name,
            "uco-observable:sizeInBytes": record.size,
        },
        {
            **_node("content-data-facet", _part(record, "content"), "uco-observable:ContentDataFacet"),
            "uco-observable:mimeType": record.media_type,
            "uco-observable:sizeInBytes": record.size,
            "uco-observable:hash": [hashed | {"uco-types:hashMethod": "SHA256", "uco-types:hashValue": value}],
        },
    ]


def _entry(entry: Node) -> Node:
    """An entry of the custody log: what was done, when, by whom (an id), about what."""
    name = str(uuid5(UUID(int=0), f"{entry['index']} {entry['salt']}"))
    return {
        **_node("custody", name, "case-investigation:InvestigativeAction"),
        "uco-core:name": entry["act"],
        "uco-core:description": f"entry {entry['index']} of the journal, by {entry['actor']}, about {entry['about']}",
        "uco-action:startTime": _moment(entry["at"]),
        "uco-action:endTime": _moment(entry["at"]),
    }


def _node(kind: str, name: str, named: str) -> Node:
    return {"@id": f"kb:{kind}-{name}", "@type": named}


def _part(record: Record, what: str) -> str:
    """A name of its own for a part of an original, the same each time."""
    return str(uuid5(UUID(record.evidence), what))


def _moment(text: str) -> Node:
    return {"@type": "xsd:dateTime", "@value": text}
