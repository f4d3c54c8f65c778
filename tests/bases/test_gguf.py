"""A file that is no GGUF, or a damaged one, is refused by the name that the study gave it."""

import struct

import numpy
import pytest
from gguf import GGUFWriter

from stages.bases import gguf
from stages.command import UserError


@pytest.fixture
def file(tmp_path):
    """A GGUF file that is whole, though of no model that anybody knows."""
    writer = GGUFWriter(tmp_path / "model.gguf", "unknown")
    writer.add_uint32("answer", 42)
    writer.add_tensor("a", numpy.ones((8, 8), dtype=numpy.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return tmp_path / "model.gguf"


def refused(file, said):
    (file.parent / "made").mkdir()
    with pytest.raises(UserError) as raised:
        gguf.convert(file, file.parent / "made", "demo: a.gguf")
    assert str(raised.value).startswith(said) and "\n" not in str(raised.value)
    assert str(file.parent) not in str(raised.value)
    assert not list((file.parent / "made").iterdir())


@pytest.mark.parametrize("content", [b"", b"GGU", b"PK\x03\x04", b"<html>", b"\x80\x04"])
def test_file_that_is_no_gguf_is_refused(file, content):
    file.write_bytes(content)
    refused(file, f"demo: a.gguf is no GGUF file, it begins with {content[:4]!r}; name one that is")


@pytest.mark.parametrize("length", [4, 8, 23, 24, 40, 80, -1])
def test_gguf_that_is_cut_off_is_refused(file, length):
    file.write_bytes(file.read_bytes()[:length])
    refused(file, "demo: a.gguf can't be read as GGUF (")


@pytest.mark.parametrize("place", [4, 8, 16, 24])
def test_gguf_with_another_number_in_its_header_is_refused(file, place):
    whole = bytearray(file.read_bytes())
    whole[place : place + 4] = struct.pack("<I", 2**31)
    file.write_bytes(whole)
    refused(file, "demo: a.gguf can't be read as GGUF (")


def test_gguf_of_an_unknown_kind_is_refused(file):
    refused(file, "demo: a.gguf can't be read as GGUF (")
