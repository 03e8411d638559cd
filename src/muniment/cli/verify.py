import json
from pathlib import Path

import click

from muniment.audit.selectors import public_keys
from muniment.audit.services import checkpoint_now
from muniment.audit.services import verify_log as verify
from muniment.audit.verifier import VerificationError, parse_key, split_notes
from muniment.audit.verifier import verify_receipt as check_receipt
from muniment.cli.acting import json_option
from muniment.cli.frame import Prepared
from muniment.cli.progress import progress
from muniment.core.errors import PermanentError
from muniment.teams.selectors import operator_actor


@click.command(cls=Prepared, name="verify-log")
@click.option(
    "--witness",
    type=click.Path(path_type=Path),
    multiple=True,
    help="File or folder of checkpoints kept elsewhere, such as a backup target's folder witness.",
)
@json_option
def verify_log(*, witness: tuple[Path, ...], as_json: bool) -> None:
    """Check the whole audit log: every entry, every signature, every epoch. Against a witness also for rewriting."""
    checkpoint_now()
    notes = [note for path in witness for note in _notes(path)]
    with progress("Verifying") as at:
        counts = verify(witness=notes, watch=at)
    said = ", ".join(f"{count} {name}" for name, count in counts.items())
    click.echo(json.dumps({"verified": True, **counts}) if as_json else f"Verified: {said}.")


@click.command(cls=Prepared, name="verify-receipt")
@click.argument("file", type=click.Path(path_type=Path))
@json_option
def verify_receipt(*, file: Path, as_json: bool) -> None:
    """Check that FILE is a receipt of this installation and say what it proves.

    Elsewhere, without Muniment, the stand-alone verifier does the same.
    """
    keys = [parse_key(key) for key in public_keys(operator_actor(None))]
    try:
        entry = check_receipt(file.read_text("utf-8"), keys)
    except UnicodeDecodeError:
        raise PermanentError("This file is no receipt: it is not text.") from None
    except VerificationError as error:
        raise PermanentError(f"This receipt does not hold: {error}") from None
    said = f"Verified: {entry['kind']} at {entry['at']}, event {entry['id']}."
    click.echo(json.dumps({"verified": True, "entry": entry}) if as_json else said)


def _notes(path: Path) -> list[str]:
    """A witness that remembers nothing is refused: it would seem to agree with everything."""
    files = sorted(path.glob("*.checkpoint")) if path.is_dir() else [path]
    try:
        notes = [note for file in files for note in split_notes(file.read_text("utf-8"))]
    except (VerificationError, UnicodeDecodeError):
        notes = []
    if not notes:
        raise PermanentError(f"{path} holds no checkpoints. Name a backup target's folder witness, or a file from it.")
    return notes
