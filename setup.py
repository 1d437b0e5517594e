"""The parts that are compiled. Without a compiler the install goes on: numpy matches and verifies, Pillow decodes, slower."""

from setuptools import Extension, setup

KERNEL = "src/staydown/matching/kernel"
SCAN = "src/staydown/decoding/kernel"
VERIFY = "src/staydown/fingerprints/kernel"
DECODING = """
    module scan fold reduce whole pairs pdq edges cut quads plain lines rectangles sides means windows
""".split()

setup(
    ext_modules=[
        Extension(
            "staydown.matching.kernel._ring",
            sources=[f"{KERNEL}/module.c", f"{KERNEL}/ring.c"],
            depends=[f"{KERNEL}/search.h"],
            define_macros=[("Py_LIMITED_API", "0x030C0000")],
            extra_compile_args=["-O3", "-std=gnu11"],
            py_limited_api=True,
            optional=True,
        ),
        Extension(
            "staydown.decoding.kernel._scan",
            sources=[f"{SCAN}/{name}.c" for name in DECODING],
            depends=[f"{SCAN}/{name}.h" for name in ("reduce", "whole", "down", "rounding")],
            libraries=["m"],
            define_macros=[("Py_LIMITED_API", "0x030C0000")],
            extra_compile_args=["-O3", "-std=gnu11"],
            py_limited_api=True,
            optional=True,
        ),
        Extension(
            "staydown.fingerprints.kernel._verify",
            sources=[f"{VERIFY}/module.c", f"{VERIFY}/align.c", f"{VERIFY}/seeds.c"],
            depends=[f"{VERIFY}/processors.h"],
            define_macros=[("Py_LIMITED_API", "0x030C0000")],
            extra_compile_args=["-O3", "-std=gnu11"],
            py_limited_api=True,
            optional=True,
        ),
    ],
    options={"bdist_wheel": {"py_limited_api": "cp312"}},
)
