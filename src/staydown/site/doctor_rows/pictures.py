"""What pictures are opened, searched and looked at with."""

from datetime import datetime

import numpy as np
from django.conf import settings

from staydown import decoding, matching, recognition
from staydown.banks import segments, spread, tasks
from staydown.banks.catalogue import catalogue
from staydown.decoding.sandbox import FULL
from staydown.fingerprints import NoModels, descriptor
from staydown.matching import Incomplete
from staydown.site.findings import Finding, Findings, Level, fine, wrong
from staydown.site.trouble import Trouble


def sandbox(_now: datetime) -> Findings:
    """What stands between a stranger's picture and this machine."""
    try:
        kind = decoding.sandbox_kind()
    except decoding.Unavailable as error:
        yield wrong(f"pictures cannot be decoded here ({error})", "See that this user may start processes.")
        return
    if kind == FULL:
        yield fine(f"pictures are decoded under {kind}")
    else:
        yield Finding(Level.SOON, f"pictures are decoded under {kind}", "Run on Linux (x86_64, arm64) with seccomp.")


def indexes(_now: datetime) -> Findings:
    """The files that the indexes start from, on this machine."""
    for name in segments.NAMES:
        match segments.look(name):
            case "cannot be used":
                yield Finding(
                    Level.SOON,
                    f"{segments.sealed(name).path} is torn, altered or of another key: it will not be used",
                    "Restart `staydown serve`: the index is built from the tables, and a new file written. Look at the disk.",
                )
            case "put aside":
                yield Finding(
                    Level.SOON,
                    f"{segments.refused(name)} could not be used: the index was built from the tables, nothing was missed",
                    "Look at the disk, and at who can write there; then delete the file.",
                )


def cluster(_now: datetime) -> Findings:
    """Whether every shard of every index answers, where they are in a cluster (docs/cluster.md)."""
    if settings.CLUSTER is None:
        return
    nothing = np.empty((0, 32), np.uint8)
    try:
        for index in (spread.bank(), catalogue.upto(tasks.everything_until())):
            index.search(nothing).whole()
    except Trouble as trouble:
        yield wrong("the cluster that STAYDOWN_CLUSTER names is not used: uploads wait", str(trouble))
    except Incomplete:
        yield wrong(
            f"not every shard answers in the cluster at {settings.CLUSTER.address}: uploads wait",
            "`ray status` there says which machine is missing; what is started again catches up by itself.",
        )
    else:
        shards, replicas = settings.CLUSTER.shards, settings.CLUSTER.replicas
        yield fine(f"the bank and the catalogue are searched in {shards} shards of {replicas} replicas each")


def descriptors(_now: datetime) -> Findings:
    """Whether the copy-detection network is there: without it, deep crops and tilted screens are found less often."""
    trouble = descriptor.trouble()
    if trouble is None:
        yield fine(f"pictures are compared by their copy-detection descriptors, too, searched {matching.proposer()}")
    elif isinstance(trouble, NoModels):
        yield Finding(
            Level.SOON,
            "pictures are compared without copy-detection descriptors",
            "Install Staydown with the extra `copydetect`, if its licence suits you (docs/decisions/0012).",
        )
    else:
        yield wrong(f"the copy-detection network is refused ({trouble.file})", str(trouble))


def network(_now: datetime) -> Findings:
    """Whether what a platform's policy of recognition asks for can be done: without the network its uploads wait."""
    asked = [rule for rule in settings.RECOGNITION if rule.steps]
    trouble = recognition.trouble()
    if not asked:
        yield fine("no policy asks a network to look at uploads")
    elif trouble:
        yield wrong(
            "a policy of recognition is set, and the network is not there: its upload checks get 503", str(trouble)
        )
    else:
        yield fine("the network that policies of recognition ask for is there, as it was measured")
