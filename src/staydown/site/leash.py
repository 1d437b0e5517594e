"""A process that must not outlive the one that started it."""

import ctypes
import os
import signal

PR_SET_PDEATHSIG = 1  # linux/prctl.h
_libc = ctypes.CDLL(None, use_errno=True)


def die_with(parent: int) -> None:
    """End this process the moment the process `parent`, which started it, is gone, even by kill -9.

    Linux does it (prctl(2), PR_SET_PDEATHSIG); it holds across exec. Elsewhere there is no such call: there a
    supervisor that was killed leaves its programs, and the next start says that the port is taken.
    """
    if not hasattr(_libc, "prctl"):
        return
    if _libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:  # it was gone before we asked
        os.kill(os.getpid(), signal.SIGKILL)
