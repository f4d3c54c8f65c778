"""What a result was computed on, told apart where a virtual machine gives two one name."""

import pytest

from stages import machine

INTEL = """processor\t: 0
model name\t: Intel(R) Xeon(R) Processor
cpu family\t: 6
model\t\t: 143
stepping\t: 8

processor\t: 1
model name\t: another
"""
ARM = "processor\t: 0\nBogoMIPS\t: 50.00\nCPU implementer\t: 0x41\n"


@pytest.fixture
def cpuinfo(tmp_path, monkeypatch):
    file = tmp_path / "cpuinfo"
    monkeypatch.setattr(machine, "CPUINFO", file)
    return file


def test_first_core_names_the_processor(cpuinfo):
    cpuinfo.write_text(INTEL)
    wanted = "Intel(R) Xeon(R) Processor (cpu family 6, model 143, stepping 8)"
    assert machine.cpu() == wanted


@pytest.mark.parametrize("text", [ARM, "", None])
def test_processor_without_a_name_falls_back_on_the_platform(cpuinfo, text, monkeypatch):
    if text is not None:
        cpuinfo.write_text(text)
    monkeypatch.setattr(machine.platform, "system", lambda: "Linux")
    monkeypatch.setattr(machine.platform, "processor", lambda: "")
    monkeypatch.setattr(machine.platform, "machine", lambda: "aarch64")
    assert machine.cpu() == "aarch64"


def test_this_machine_has_a_name_an_instruction_set_and_threads():
    found = machine.machine()
    assert set(found) == {"processor", "instruction_set", "threads"}
    assert all(found.values())
    if not found["instruction_set"].startswith("CUDA"):
        assert found["processor"] == machine.cpu()
