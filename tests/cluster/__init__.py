"""Ray in the tests: on loopback only, with a token of its own, without usage reports and spare processes.

Ray starts seven processes and one for each actor: seconds where nobody else is at work, minutes where everybody is. Left
to itself it then gives up, or kills what has not begun in time and begins again, for ever. Here it waits. Ray reads its
environment once, when it is imported, so it stands here, before every module of this package.
"""

import os
import secrets

ENVIRONMENT = {
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # Ray's name for: loopback is address enough
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_AUTH_MODE": "token",
    "RAY_AUTH_TOKEN": secrets.token_hex(32),
    "RAY_enable_worker_prestart": "0",
    "RAY_prestart_worker_first_driver": "0",
    "RAY_worker_niceness": "0",  # 15 else: actors starve where anybody else is at work
    "RAY_memory_monitor_refresh_ms": "0",  # others fill this machine, too
    "RAY_worker_register_timeout_seconds": "600",
    "RAY_agent_register_timeout_ms": "600000",
    "RAY_gcs_server_port_wait_time_s": "600",
    "RAY_raylet_start_wait_time_s": "600",
    "RAY_health_check_failure_threshold": "60",
}
for _name, _value in ENVIRONMENT.items():
    os.environ.setdefault(_name, _value)  # the head (`head.py`) is given them by the tests
