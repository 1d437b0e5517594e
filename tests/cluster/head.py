"""`python -m tests.cluster.head start …`: Ray's own command, without what it starts for a dashboard.

These processes take seconds of a core to begin. The one beside each node says in three files that it has no ports, and
Ray ends itself where it is not that far after 15 seconds, which no setting changes: on a busy machine it never starts.
"""

import subprocess
from pathlib import Path
from typing import Any

from ray._private import node, services
from ray.scripts import scripts

AGENT = "--dashboard_agent_command="
IDLE = AGENT + subprocess.list2cmdline(["sh", "-c", "exec sleep 1000000"])
_start = services.start_ray_process


def _started(command: list[str], *given: Any, **named: Any) -> Any:
    """As `start_ray_process`; a node's agent does nothing, and its files are there."""
    said = dict(part.partition("=")[::2] for part in command)
    if AGENT.rstrip("=") in said:
        for name in ("metrics_agent", "metrics_export", "dashboard_agent_listen"):
            (Path(said["--session_dir"]) / f"{name}_port_{said['--node_id']}").write_text("-1")
    return _start([IDLE if part.startswith(AGENT) else part for part in command], *given, **named)


if __name__ == "__main__":
    services.start_ray_process = _started
    node.Node.start_api_server = lambda _node, **_given: None
    scripts.main()
