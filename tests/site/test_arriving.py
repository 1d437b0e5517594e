"""A file that comes with a request is read as it was sent, and never written to the disk."""

import os

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile, UploadedFile
from django.test import RequestFactory, override_settings

from staydown.site.arriving import Joined


def sent(**files: bytes) -> dict[str, UploadedFile]:
    """What a view finds of files that were sent together."""
    told = {name: SimpleUploadedFile(f"{name}.jpg", data, "image/jpeg") for name, data in files.items()}
    request = RequestFactory().post("/", told)
    assert [type(each) for each in request.upload_handlers] == [Joined]
    return request.FILES.dict()


@pytest.mark.parametrize("length", [1, 65_536, 65_537, 400_000])
def test_a_file_is_what_was_sent_whatever_its_length(length: int):
    data, other = os.urandom(length), os.urandom(77)
    found = sent(first=data, second=other)
    assert (found["first"].read(), found["first"].size) == (data, length)
    assert (found["second"].read(), found["second"].content_type) == (other, "image/jpeg")


def test_what_looks_like_the_end_of_a_part_stays_in_the_file():
    data = b"\r\n--BoUnDaRyStRiN" * 10_000 + b"\r\n--"
    assert sent(media=data)["media"].read() == data


@override_settings(FILE_UPLOAD_MAX_MEMORY_SIZE=10_000)
def test_nothing_is_kept_of_what_is_too_large_for_memory():
    assert sent(media=bytes(50_000)) == {}
