"""Run an answer and its tests in this process, once it has given up what they have no need for.

A script that code.py starts and nothing imports; how far it goes is said there. It reads (answer,
tests, word, CPU seconds, bytes of memory) from stdin, says READY on stdout, runs the two, and says
the word if both ended well, or what went wrong. What they write themselves goes nowhere.
"""

# Not typing, nor much else: this starts anew for every answer.
import _posixsubprocess
import _signal
import _thread
import builtins
import marshal
import os
import resource
import sys

READY = b"ready\n"
SHOWN = 160
FILES = 64
UNIX = 1  # the address family of sockets without a network; asyncio makes a pair of them
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

# Audit events, as docs.python.org/3.11/library/audit_events.html lists them: all of these
# families are refused, but for the few of os that change nothing outside this process.
FAMILIES = {"ctypes", "os", "resource", "socket", "sqlite3", "subprocess", "syslog"}
HARMLESS = {"os.chdir", "os.fwalk", "os.listdir", "os.scandir", "os.walk"}
HARMLESS |= {"os.getxattr", "os.listxattr", "os.putenv", "os.unsetenv"}
# What reaches files, memory or processes without an event: modules and functions.
MODULES = {"_ctypes", "_dbm", "_gdbm", "_posixshmem", "ctypes"}
FUNCTIONS = (
    (_posixsubprocess, "fork_exec"),
    (_signal, "pidfd_send_signal"),
    (_thread, "start_new"),
    (_thread, "start_new_thread"),
    *((os, name) for name in ("mkfifo", "mknod", "pidfd_open", "setpriority")),
)


def main() -> None:
    answer, tests, word, seconds, memory = marshal.loads(sys.stdin.buffer.read())
    report = _silence()
    _limit(seconds, memory)
    for module, name in FUNCTIONS:
        if hasattr(module, name):
            setattr(module, name, _refusal(name))
    os.environ.clear()
    builtins.exit = builtins.quit = sys.exit  # as `site` has them, which is not loaded
    write, leave = os.write, os._exit  # the answer can replace what modules hold
    sys.addaudithook(_watch)
    write(report, READY)
    write(report, (_failure(answer, tests) or word).encode(errors="replace"))
    leave(0)  # at once: nothing that the answer left for the exit runs


def _failure(answer: str, tests: str) -> str | None:
    """What ended the answer or its tests, which share one module, before the tests were through."""
    module = type(sys)("__main__")
    sys.modules["__main__"] = module  # where dataclasses and pickle look a class up
    sys.argv[:] = [""]
    try:
        for name, source in (("<answer>", answer), ("<tests>", tests)):
            exec(compile(source, name, "exec", dont_inherit=True), module.__dict__)
    except SystemExit:
        return "ended before the tests did"
    except BaseException as error:
        return _described(error)
    return None


def _described(error: BaseException) -> str:
    try:
        said = " ".join(f"{type(error).__name__}: {error}".split())
    except BaseException:  # an error of the answer's own that cannot even be printed
        said = "an error without a text"
    return f"failed: {said.removesuffix(':')[:SHOWN]}"


def _silence() -> int:
    """Send all output nowhere; the number of a file that still leads to code.py."""
    report, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)
    os.close(nowhere)
    return report


def _limit(seconds: int, memory: int) -> None:
    """Set limits that only root can raise again."""
    # SIGKILL follows a second after SIGXCPU, which code can ignore.
    _lower(resource.RLIMIT_CPU, seconds, seconds + 1)
    _lower(resource.RLIMIT_AS, memory, memory)
    _lower(resource.RLIMIT_CORE, 0, 0)
    _lower(resource.RLIMIT_FSIZE, 0, 0)
    _lower(resource.RLIMIT_NOFILE, FILES, FILES)
    # No new process or thread here; it takes nothing from others of the same account. Root is
    # not held by it, so _watch and FUNCTIONS refuse the same, to give the same result.
    _lower(resource.RLIMIT_NPROC, 0, 0)


def _lower(what: int, soft: int, hard: int) -> None:
    allowed = resource.getrlimit(what)[1]
    if allowed != resource.RLIM_INFINITY:
        soft, hard = min(soft, allowed), min(hard, allowed)
    try:
        resource.setrlimit(what, (soft, hard))
    except (OSError, ValueError):
        if sys.platform == "linux":  # others lack some: macOS that of address space
            raise


def _watch(event: str, arguments: tuple) -> None:
    """Refuse what reaches beyond this process. An audit hook cannot be taken off again."""
    if event == "open":
        path, _, flags = arguments
        if not isinstance(path, int) and flags & WRITING:  # a number was opened before
            raise PermissionError("open for writing is refused to an answer")
    elif event == "import":
        if arguments[0] in MODULES:
            raise ImportError(f"{arguments[0]} is refused to an answer")
    elif event == "socket.__new__" and arguments[1] == UNIX:
        return
    elif event.partition(".")[0] in FAMILIES and event not in HARMLESS:
        raise PermissionError(f"{event} is refused to an answer")


def _refusal(name: str):
    def refuse(*_arguments, **_named):
        raise PermissionError(f"{name} is refused to an answer")

    return refuse


if __name__ == "__main__":
    main()
