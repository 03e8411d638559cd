"""A zygote on a kernel that refuses seccomp: a filter of its own makes the kernel answer so. For tests alone."""

import ctypes

from muniment.core.confinement import seccomp
from muniment.core.confinement.kernel import PR_SET_NO_NEW_PRIVS, PR_SET_SECCOMP, SECCOMP_MODE_FILTER, prctl
from muniment.ingest.sandbox.child import ACTS
from muniment.ingest.sandbox.zygote import main
from tests.ingest.planted import TOLD, told

_PRCTL = {"x86_64": 157, "aarch64": 167}
_FIRST_ARGUMENT_AT = 16
_INVALID = 0x0005_0000 | 22  # what a kernel without seccomp answers


def refuse_seccomp() -> None:
    """From here on prctl(PR_SET_SECCOMP) fails in this process and its children."""
    instruction = seccomp._Instruction
    code = [
        instruction(seccomp._LOAD, 0, 0, seccomp._NUMBER_AT),
        instruction(seccomp._JUMP_EQUAL, 0, 3, _PRCTL[seccomp.platform.machine()]),
        instruction(seccomp._LOAD, 0, 0, _FIRST_ARGUMENT_AT),
        instruction(seccomp._JUMP_EQUAL, 0, 1, PR_SET_SECCOMP),
        instruction(seccomp._RETURN, 0, 0, _INVALID),
        instruction(seccomp._RETURN, 0, 0, seccomp._ALLOW),
    ]
    program = seccomp._Program(len(code), (instruction * len(code))(*code))
    prctl(PR_SET_NO_NEW_PRIVS, 1)
    prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, ctypes.byref(program))


if __name__ == "__main__":
    refuse_seccomp()
    main({**ACTS, **{name: told(act) for name, act in TOLD.items()}})
