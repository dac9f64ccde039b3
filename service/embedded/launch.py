"""Become another program that dies with its parent and, when started by root, does not run as root.

Run as `python -I -S launch.py PARENT SIGNAL FOLDER COMMAND...`, never imported: the steps below must happen in the
child between fork and exec, where a threaded parent must not run Python code of its own.

PostgreSQL refuses to run as root. A user namespace that maps root to an unprivileged number satisfies it without a new
account or wider permissions on any folder. Where namespaces are forbidden (a plain container), the program runs as
`nobody` and FOLDER is given to it. An empty FOLDER changes nobody.
"""

import ctypes
import os
import signal
import sys

CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG = 1
NOBODY = 65534


def enter_namespace() -> bool:
    """Map root to nobody in a new user namespace; False where the kernel does not allow it."""
    libc = ctypes.CDLL(None, use_errno=True)
    if not hasattr(libc, "unshare") or libc.unshare(CLONE_NEWUSER) != 0:
        return False
    for name, content in (("setgroups", "deny"), ("gid_map", f"{NOBODY} 0 1"), ("uid_map", f"{NOBODY} 0 1")):
        with open(f"/proc/self/{name}", "w") as file:
            file.write(content)
    return True


def become_nobody(folder: str) -> None:
    """Give the folder and everything in it to nobody, let it be reached, then be nobody."""
    parent = os.path.dirname(folder)
    os.chmod(parent, os.stat(parent).st_mode | 0o011)  # noqa: S103 - to pass through, not to list or read
    for path, _, names in os.walk(folder):
        os.chown(path, NOBODY, NOBODY)
        for name in names:
            os.chown(os.path.join(path, name), NOBODY, NOBODY)
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)


def main(arguments: list[str]) -> None:
    parent, when_orphaned, folder, *command = arguments
    # Programs are stopped by these, and a shell ignores them for what it runs in the background.
    for each in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM):
        signal.signal(each, signal.SIG_DFL)
    if folder and os.geteuid() == 0 and not enter_namespace():
        become_nobody(folder)
    if sys.platform == "linux":
        # After the change of user: the kernel forgets the signal on any change of credentials.
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, int(when_orphaned), 0, 0, 0)
        if os.getppid() != int(parent):
            sys.exit(1)
    os.execv(command[0], command)  # noqa: S606 - becoming the given program is the purpose


if __name__ == "__main__":
    main(sys.argv[1:])
