"""Where the indexes and the evidence lie, who opens it, and what is destroyed unasked."""

from staydown.site.options.declaration import STAFFED, Option, Program

OPTIONS = (
    Option(
        "CLUSTER",
        "where the indexes are when not in each program's memory: address=HOST:PORT,store=s3://…,shards=2,replicas=2",
        default="",
        programs=STAFFED,
    ),
    Option(
        "CUSTODIANS_FIRST",
        "the first group of evidence custodians: at least two age recipients (age1…), comma-separated",
        default="",
    ),
    Option(
        "CUSTODIANS_SECOND",
        "the second group: at least two others; opening evidence takes one person of each group",
        default="",
    ),
    Option(
        "EVIDENCE_STORE",
        "where sealed evidence lies: empty for files in the data folder, or s3://bucket/prefix",
        default="",
        programs=frozenset({Program.WORKER}),
    ),
    Option(
        "EVIDENCE_ACCESS",
        "how that bucket is reached: endpoint=https://…,region=…,access_key_id=…,secret_access_key=…",
        default="",
        programs=frozenset({Program.WORKER}),
        secret=True,
    ),
    Option(
        "RETENTION_TIMER",
        "rules of the retention schedule by which the worker destroys without asking a person, comma-separated",
        default="",
        programs=STAFFED,
    ),
)
