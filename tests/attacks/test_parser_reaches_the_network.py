"""Attacker: a file that took its parser over. Move: speak to anybody, by any family of sockets, by a second door to
the same calls (x32), by a ring (io_uring). Guarantee: G-60."""

import socket

import pytest

from muniment.ingest.errors import Reason
from tests.ingest.stage import Stage, stage  # noqa: F401 - a fixture


def test_what_is_tried_works_outside_of_the_sandbox() -> None:
    for end in socket.socketpair():
        end.close()


@pytest.mark.parametrize("family", ["inet", "inet6", "unix", "netlink", "packet", "pair"])
def test_no_socket_opens(stage: Stage, family: str) -> None:  # noqa: F811
    assert stage.attempt(family) == Reason.FORBIDDEN_ACT


@pytest.mark.parametrize("name", ["x32 socket", "io_uring_setup"])
def test_no_second_door_opens(stage: Stage, name: str) -> None:  # noqa: F811
    assert stage.attempt("call", name=name, values=[2, 1, 0]) == Reason.FORBIDDEN_ACT
