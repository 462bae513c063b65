"""What the world does to a recorder: little room, odd surroundings. Something is kept each time."""

import resource
import subprocess

import pytest

from conftest import unsanitized, wait_until
from recording import Recording


def record_idle(mprofpp, program, tmp_path, children, **options):
    """Records a parent and its idle children, all of them for a while."""
    output, ready = tmp_path / "x.dat", tmp_path / "ready"
    words = ["run", "-q", "-C", "-M", "-T", "50ms", "-o", output, *program("idle", children, ready)]
    run = subprocess.Popen([mprofpp.executable, *map(str, words)], stdin=subprocess.PIPE, **options)
    wait_until(ready.exists, "the children are there")
    wait_until(lambda: output.read_bytes().count(b"CHLD") > 3 * children, "the tree is recorded")
    run.stdin.close()
    assert run.wait() == 0
    return Recording(output)


def test_few_descriptors_slow_the_reading_but_no_process_is_lost(mprofpp, program, tmp_path):
    def little_room():
        resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))

    recording = record_idle(mprofpp, program, tmp_path, 200, preexec_fn=little_room)
    children = {pid for pid, _, _ in recording.children}
    assert len(children) == 200
    assert all(mib > 0 for _, mib, _ in recording.children)


@unsanitized  # AddressSanitizer itself needs terabytes of address space
def test_a_limited_address_space_is_enough(mprofpp, program, tmp_path):
    def little_room():
        resource.setrlimit(resource.RLIMIT_AS, (256 << 20, 256 << 20))

    recording = record_idle(mprofpp, program, tmp_path, 50, preexec_fn=little_room)
    assert recording.end is not None


@pytest.mark.parametrize("environment", [{}, {"HOME": "/nonexistent", "TMPDIR": "/nonexistent"}])
def test_neither_home_nor_path_is_needed(mprofpp, tmp_path, environment):
    done = mprofpp("run", "-o", "x.dat", "/bin/true", env=environment)
    assert done.status == 0
    assert Recording(tmp_path / "x.dat").end is not None


def test_a_recording_whose_file_is_removed_meanwhile_does_not_disturb_the_program(mprofpp, tmp_path):
    output = tmp_path / "x.dat"
    done = mprofpp("run", "-q", "-T", "5ms", "-o", output, "sh", "-c", f"rm {output}; sleep 0.1; exit 3")
    assert done.status == 3
    assert not output.exists()


def test_a_tree_of_many_generations_is_followed_to_its_last_one(mprofpp, tmp_path):
    """Each sh starts the next: fifty levels deep."""
    script = tmp_path / "deeper"
    script.write_text('[ "$1" -gt 0 ] || exec sleep 0.5\nsh "$0" $(($1 - 1))\ntrue\n')
    done = mprofpp.record("-C", "-M", "-T", "10ms", ["sh", script, "50"])
    assert done.status == 0
    assert "sleep" in done.recording.names()
    assert len({p.pid for p in done.recording.processes}) > 50
