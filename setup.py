"""The parts that are compiled. Without a compiler the install goes on: numpy matches and verifies, Pillow decodes, slower."""

from pathlib import Path

from setuptools import Extension, setup

KERNEL = "src/staydown/matching/kernel"
SCAN = "src/staydown/decoding/kernel"
VERIFY = "src/staydown/fingerprints/kernel"


def sources(folder: str, kind: str = "c") -> list[str]:
    """All sources of a kernel, or its headers."""
    return sorted(str(path) for path in Path(folder).glob(f"*.{kind}"))


setup(
    ext_modules=[
        Extension(
            "staydown.matching.kernel._ring",
            sources=sources(KERNEL),
            depends=sources(KERNEL, "h"),
            define_macros=[("Py_LIMITED_API", "0x030C0000")],
            extra_compile_args=["-O3", "-std=gnu11"],
            py_limited_api=True,
            optional=True,
        ),
        Extension(
            "staydown.decoding.kernel._scan",
            sources=sources(SCAN),
            depends=sources(SCAN, "h"),
            libraries=["m"],
            define_macros=[("Py_LIMITED_API", "0x030C0000")],
            extra_compile_args=["-O3", "-std=gnu11"],
            py_limited_api=True,
            optional=True,
        ),
        Extension(
            "staydown.fingerprints.kernel._verify",
            sources=sources(VERIFY),
            depends=sources(VERIFY, "h"),
            define_macros=[("Py_LIMITED_API", "0x030C0000")],
            extra_compile_args=["-O3", "-std=gnu11"],
            py_limited_api=True,
            optional=True,
        ),
    ],
    options={"bdist_wheel": {"py_limited_api": "cp312"}},
)
