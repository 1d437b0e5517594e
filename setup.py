"""The two parts that are compiled. Without a compiler the install goes on: numpy matches, Pillow decodes, slower."""

from setuptools import Extension, setup

KERNEL = "src/staydown/matching/kernel"
SCAN = "src/staydown/decoding/kernel"

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
            sources=[f"{SCAN}/module.c", f"{SCAN}/scan.c", f"{SCAN}/fold.c", f"{SCAN}/reduce.c", f"{SCAN}/edges.c"],
            define_macros=[("Py_LIMITED_API", "0x030C0000")],
            extra_compile_args=["-O3", "-std=gnu11"],
            py_limited_api=True,
            optional=True,
        ),
    ],
    options={"bdist_wheel": {"py_limited_api": "cp312"}},
)
