"""Starts a program under trace and says whether it got to its first instruction."""
import ctypes
import os
import sys

TRACEME, CONTINUE = 0, 7
libc = ctypes.CDLL(None, use_errno=True)
libc.ptrace.argtypes = [ctypes.c_long, ctypes.c_long, ctypes.c_void_p, ctypes.c_void_p]

child = os.fork()
if child == 0:
    libc.ptrace(TRACEME, 0, None, None)
    os.execv(sys.argv[1], sys.argv[1:])
_, status = os.waitpid(child, 0)
print("it started" if os.WIFSTOPPED(status) else "it did not start")
if os.WIFSTOPPED(status):
    libc.ptrace(CONTINUE, child, None, None)
    _, status = os.waitpid(child, 0)
print("it ended with", os.waitstatus_to_exitcode(status))
