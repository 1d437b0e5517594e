"""The one part that is compiled. Without a compiler the install goes on, and matching runs in numpy, slower."""

from setuptools import Extension, setup

KERNEL = "src/staydown/matching/kernel"

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
        )
    ],
    options={"bdist_wheel": {"py_limited_api": "cp312"}},
)
