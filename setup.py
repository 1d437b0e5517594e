"""The parts that are compiled. Without a compiler the install goes on: numpy matches and verifies, Pillow decodes, slower."""

from pathlib import Path

from setuptools import Extension, setup


def kernel(room: str, name: str, libraries: tuple[str, ...] = ()) -> Extension:
    """All sources in a room's folder `kernel`, as one library beside them."""
    folder = Path("src/staydown") / room / "kernel"
    sources, headers = (sorted(map(str, folder.glob(f"*.{kind}"))) for kind in "ch")
    return Extension(
        f"staydown.{room}.kernel.{name}",
        sources=sources,
        depends=headers,
        libraries=list(libraries),
        define_macros=[("Py_LIMITED_API", "0x030C0000")],
        extra_compile_args=["-O3", "-std=gnu11"],
        py_limited_api=True,
        optional=True,
    )


setup(
    ext_modules=[kernel("matching", "_ring"), kernel("decoding", "_scan", ("m",)), kernel("fingerprints", "_verify")],
    options={"bdist_wheel": {"py_limited_api": "cp312"}},
)
