"""NSD, which answers for one zone on a port of this machine, for as long as a block."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.journeys.server import free_port
from tests.long.identity_providers.running import program, started

_CONFIG = """
server:
  ip-address: 127.0.0.1@{port}
  username: ""
  pidfile: ""
  zonesdir: "{folder}"
  xfrdfile: "{folder}/xfrd.state"
  xfrdir: "{folder}"
  zonelistfile: "{folder}/zones.list"
  logfile: "{folder}/nsd.log"
remote-control:
  control-enable: no
zone:
  name: {zone}
  zonefile: zone
"""
_HEAD = """$ORIGIN {zone}.
$TTL 60
@ IN SOA ns root 1 3600 600 86400 60
@ IN NS ns
ns IN A 127.0.0.1
"""


@contextmanager
def nsd(folder: Path, zone: str, records: str) -> Iterator[str]:
    """`records`: lines of the zone's file. Gives its address as MUNIMENT_NAME_SERVERS takes it."""
    folder.mkdir()
    port = free_port()
    (folder / "nsd.conf").write_text(_CONFIG.format(port=port, folder=folder, zone=zone))
    (folder / "zone").write_text(_HEAD.format(zone=zone) + records)
    command = [program("nsd"), "-d", "-c", str(folder / "nsd.conf")]
    with started(command, port=port, log=folder / "said"):
        yield f"127.0.0.1:{port}"
