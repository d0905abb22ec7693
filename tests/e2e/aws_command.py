"""The aws command of Debian, loaded once: each call runs in a fork of this process, with its
own words, environment and output.  It is the unchanged command, without the second that
Python takes to load it.

As a program it is the parent of those forks; `run` is what a test calls."""
import atexit
import json
import os
import socket
import subprocess
import sys
import tempfile
import threading

AWS = "/usr/bin/aws"  # a newer one earlier on the PATH no longer knows these services


class Parent:
    """The process that has loaded it, and a socket on which it is asked."""

    def __init__(self):
        self.dir = tempfile.mkdtemp(prefix="oneclick-aws-")
        self.path = os.path.join(self.dir, "s")
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(self.path)
        listener.listen(64)
        self.child = subprocess.Popen(
            ["/usr/bin/python3", os.path.abspath(__file__), str(listener.fileno())],
            pass_fds=[listener.fileno()], stdin=subprocess.PIPE,
            env={"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": self.dir})
        listener.close()
        atexit.register(self.close)

    def close(self):
        self.child.stdin.close()
        self.child.wait(20)
        os.unlink(self.path)
        os.rmdir(self.dir)


parent = None
lock = threading.Lock()


def run(words, env, timeout):
    """As subprocess.run([AWS, *words]) with its output captured as text."""
    global parent
    with lock:
        parent = parent or Parent()
    with socket.socket(socket.AF_UNIX) as link, tempfile.TemporaryFile() as out, \
            tempfile.TemporaryFile() as err:
        link.settimeout(timeout)
        link.connect(parent.path)
        socket.send_fds(link, [b"f"], [out.fileno(), err.fileno()])
        link.sendall(json.dumps([list(words), env]).encode())
        link.shutdown(socket.SHUT_WR)
        status = link.makefile().read()
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(
            [AWS, *words], int(status), out.read().decode(), err.read().decode())


# ---- the parent of the forks ----

def become(words):
    import awscli.clidriver
    sys.argv = [AWS, *words]
    try:
        status = awscli.clidriver.main()
    except SystemExit as e:
        status = e.code
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status or 0)  # half of its time would go into taking Python down in order


def answer(link):
    """In a fork: becomes the command, in a fork again that may exit as it likes."""
    _, fds, _, _ = socket.recv_fds(link, 1, 2)
    words, env = json.load(link.makefile())
    pid = os.fork()
    if pid == 0:
        link.close()
        os.dup2(os.open("/dev/null", os.O_RDONLY), 0)
        os.dup2(fds[0], 1)
        os.dup2(fds[1], 2)
        data = os.environ["AWS_DATA_PATH"]  # set when it was loaded
        os.environ.clear()
        os.environ.update(env, AWS_DATA_PATH=data)
        become(words)
    status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    link.sendall(str(status).encode())


def serve(fd):
    import select
    import signal
    import awscli.clidriver  # what is loaded or found out here no fork has to
    import awscli.handlers
    import distro
    distro.version()
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    listener = socket.socket(fileno=fd)
    while True:
        ready, _, _ = select.select([listener, 0], [], [])
        if 0 in ready:  # whoever started this is gone
            return
        link, _ = listener.accept()
        if os.fork() == 0:
            listener.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            answer(link)
            sys.stdout.flush()
            os._exit(0)
        link.close()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
