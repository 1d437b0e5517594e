"""A forked child finds every index whole, changes it, and waits for no thread that stayed with its parent."""

import os
import subprocess
import sys
import textwrap

import pytest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows forks nothing")

HAMMING = """
    same = np.zeros((1, 32), np.uint8)
    prints, sets = np.repeat(same, 20, axis=0), (np.arange(20), np.arange(20, 40))
    index = Index()
    index.apply(Changes(added=sets[0], fingerprints=prints), 1)
    def swap():
        before = (index.generation + 1) % 2
        index.apply(Changes(sets[before], sets[1 - before], prints), index.generation + 1)
    def whole():
        return index.search(same).id.tolist() == sets[(index.generation + 1) % 2].tolist()
"""
DESCRIPTORS = """
    one = np.ones((1, 512), np.int8)
    index = Descriptors()
    index.apply(DescriptorChanges(added=np.array([1]), levels=one), 1)
    def swap():
        at = index.generation
        index.apply(DescriptorChanges(np.array([at]), np.array([at + 1]), one), at + 1)
    def whole():
        return index.search(one, 0.9).id.tolist() == [index.generation]
"""
GRAPH = """
    rng = np.random.default_rng(1)
    one, others = np.ones((1, 512), np.int8), rng.integers(-9, 9, (100, 512), np.int8)
    index = ApproximateDescriptors()
    index.add(np.arange(10**6, 10**6 + 100), others)
    index.apply(DescriptorChanges(added=np.array([1]), levels=one), 1)
    def swap():
        at = index.generation
        index.apply(DescriptorChanges(np.array([at]), np.array([at + 1]), one), at + 1)
    def whole():
        found = index.search(np.concatenate([one, others[:1]]), 0.99)
        return found.id.tolist() == [index.generation, 10**6]
"""
FORKING = """
    import os, signal, sys, threading, warnings
    import numpy as np
    from staydown.matching import ApproximateDescriptors, Changes, DescriptorChanges, Descriptors, Index, approximate, merging
    warnings.simplefilter("ignore")  # of forking beside threads, which is what is tried here
    merging.SMALL = 8
    approximate.FROM, approximate.TAIL = 50, 4
    {index}
    over = threading.Event()
    def change():
        while not over.is_set():
            swap()
    changing = threading.Thread(target=change)
    changing.start()
    failed = 0
    for _ in range({forks}):
        child = os.fork()
        if child == 0:
            signal.alarm(120)  # ends a child that waits for ever
            right = whole()
            for _ in range(10):
                swap()
                right &= whole()
            if hasattr(index, "settle"):
                index.settle()
            os._exit(not (right and whole()))
        failed += os.waitpid(child, 0)[1] != 0
    over.set()
    changing.join()
    sys.exit(failed)
    """


@pytest.mark.parametrize("index", [HAMMING, DESCRIPTORS, GRAPH], ids=["fingerprints", "descriptors", "a graph of them"])
def test_a_child_forked_while_another_thread_changes_the_index_goes_on_from_a_whole_one(index: str) -> None:
    code = textwrap.dedent(FORKING).format(index=textwrap.dedent(index), forks=8)
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, timeout=300)
    assert (ran.returncode, ran.stderr) == (0, "")
