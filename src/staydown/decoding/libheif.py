"""libheif's C interface, as far as one picture needs it, on one thread. The library comes with pillow-heif.

pillow-heif's own reader lets the HEVC decoder start a thread for each picture, and the sandbox allows none. The
library has a setting for it that pillow-heif does not pass on, so the library is asked directly. What is asked for
is the primary picture alone: never a thumbnail, which may show something else.
Source: libheif 1.23, libheif/api/libheif/{heif_context,heif_image_handle,heif_decoding,heif_image}.h.
"""

import ctypes
import weakref
from ctypes import POINTER, byref, c_char_p, c_int, c_size_t, c_uint8, c_void_p

import _pillow_heif
from PIL import Image

_RGB, _INTERLEAVED_RGB, _INTERLEAVED_RGBA, _INTERLEAVED = 1, 10, 11, 10
_OUT_OF_MEMORY = 6
_THREADS_SINCE = 8  # the version of the options that can say how many threads
NO_THREAD = -1  # 0 means "as the decoder likes", which is one


class _Answer(ctypes.Structure):
    _fields_ = (("code", c_int), ("detail", c_int), ("message", c_char_p))


class _Options(ctypes.Structure):
    _fields_ = (
        ("version", c_uint8), ("ignore_transformations", c_uint8), ("progress", c_void_p * 4),
        ("convert_hdr_to_8bit", c_uint8), ("strict_decoding", c_uint8), ("decoder_id", c_char_p),
        ("colour_conversion", c_int * 4), ("cancel_decoding", c_void_p), ("colour_conversion_more", c_void_p),
        ("ignore_sequence_editlist", c_int), ("output_profile", c_void_p),
        ("library_threads", c_int), ("codec_threads", c_int),
    )  # fmt: skip


_library = ctypes.CDLL(_pillow_heif.__file__)  # a handle that also finds what the extension is linked to


def _function(name: str, result: object, *arguments: object) -> "ctypes._NamedFuncPointer":
    found = getattr(_library, name)
    found.restype, found.argtypes = result, arguments
    return found  # type: ignore[no-any-return]  # ctypes says no more of what it finds


_new = _function("heif_context_alloc", c_void_p)
_free = _function("heif_context_free", None, c_void_p)
_set_threads = _function("heif_context_set_max_decoding_threads", None, c_void_p, c_int)
_read = _function("heif_context_read_from_memory_without_copy", _Answer, c_void_p, c_char_p, c_size_t, c_void_p)
_primary = _function("heif_context_get_primary_image_handle", _Answer, c_void_p, POINTER(c_void_p))
_width = _function("heif_image_handle_get_width", c_int, c_void_p)
_height = _function("heif_image_handle_get_height", c_int, c_void_p)
_has_alpha = _function("heif_image_handle_has_alpha_channel", c_int, c_void_p)
_release = _function("heif_image_handle_release", None, c_void_p)
_new_options = _function("heif_decoding_options_alloc", POINTER(_Options))
_free_options = _function("heif_decoding_options_free", None, POINTER(_Options))
_decode = _function("heif_decode_image", _Answer, c_void_p, POINTER(c_void_p), c_int, c_int, POINTER(_Options))
_plane = _function("heif_image_get_plane_readonly2", c_void_p, c_void_p, c_int, POINTER(c_size_t))
_plane_width = _function("heif_image_get_width", c_int, c_void_p, c_int)
_plane_height = _function("heif_image_get_height", c_int, c_void_p, c_int)
_release_image = _function("heif_image_release", None, c_void_p)


def _check(answer: _Answer) -> None:
    if answer.code == _OUT_OF_MEMORY:
        raise MemoryError
    if answer.code:
        raise OSError(f"libheif: {answer.code}.{answer.detail}")


class Primary:
    """The primary picture of a HEIC file: its `size` as people see it (the file's own turns applied) and `mode`.

    Raises OSError for what libheif cannot read, MemoryError for what is too much for it.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data  # read in place, as long as the context lives
        context = _new()
        weakref.finalize(self, _free, context)
        _set_threads(context, 0)
        _check(_read(context, data, len(data), None))
        self._handle = c_void_p()
        _check(_primary(context, byref(self._handle)))
        weakref.finalize(self, _release, self._handle)  # the last made is the first called
        self.size = _width(self._handle), _height(self._handle)
        self.mode = "RGBA" if _has_alpha(self._handle) else "RGB"

    def decoded(self, strict: bool) -> Image.Image:
        """The picture, 8 bits a channel. Not strict, it may lack parts that the file lacks."""
        image = c_void_p()
        options = _new_options()
        options.contents.convert_hdr_to_8bit = 1
        options.contents.strict_decoding = strict
        if options.contents.version >= _THREADS_SINCE:
            options.contents.codec_threads = NO_THREAD
        chroma = _INTERLEAVED_RGBA if self.mode == "RGBA" else _INTERLEAVED_RGB
        try:
            _check(_decode(self._handle, byref(image), _RGB, chroma, options))
            return self._copied(image)
        finally:
            _release_image(image)
            _free_options(options)

    def _copied(self, image: c_void_p) -> Image.Image:
        stride = c_size_t()
        start = _plane(image, _INTERLEAVED, byref(stride))
        size = _plane_width(image, _INTERLEAVED), _plane_height(image, _INTERLEAVED)
        if not start:
            raise OSError("libheif: no pixels")
        pixels = (c_uint8 * (stride.value * size[1])).from_address(start)
        return Image.frombytes(self.mode, size, memoryview(pixels), "raw", self.mode, stride.value)
