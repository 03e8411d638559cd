"""How the local model can fail, as errors with a sentence for a person."""

from collections.abc import Mapping

from muniment.core.errors import MunimentError, Term
from muniment.llm.errors import ModelFileError, ModelRefusedError, ModelUnavailableError
from muniment.llm.local.llama import PACKAGE
from muniment.llm.local.wire import Failure

NO_EXTRA = Term(
    "The local model needs llama.cpp, which is not installed. Install it with `make local`, or with "
    "`pip install muniment[local]`, and start the server again."
)
LOST = Term("The local model stopped while it was asked. It starts again with the next question; ask once more.")
CRASHED = Term(
    "The file in MUNIMENT_LOCAL_MODEL brought down the process that loads it: it is damaged, or needs more memory than "
    "MUNIMENT_LOCAL_MEMORY allows. Nothing else was harmed. Compare its checksum with its publisher's."
)
SILENT = Term("The local model has said nothing for ten minutes and was ended. Take a smaller one, or more threads.")
_UNCONFINED = Term(
    "This machine's kernel refuses seccomp, so no local model is run: its file could do what the server can. Run on a "
    "kernel, or in a container, that allows it."
)
_LIBRARY = f"The installed {PACKAGE} is not the one Muniment was written for. Install it anew with `make local`."
_MODEL = Term(
    "The file in MUNIMENT_LOCAL_MODEL is damaged, cut short, or of a kind that this llama.cpp does not run. Compare "
    "its checksum with its publisher's, or take another model."
)
_CONTEXT = Term(
    "The local model needs more memory than it may have. Set MUNIMENT_LOCAL_MEMORY higher, or MUNIMENT_LOCAL_CONTEXT "
    "lower."
)
_TOO_LONG = Term("Question and passages are longer than the local model's context. Set MUNIMENT_LOCAL_CONTEXT higher.")
_BROKEN = Term("The local model gave up over this question. Ask once more.")


def failure(word: str) -> MunimentError:
    """By a word of a closed list: a hostile file says nothing of its own through an error."""
    kind, sentence = _TOLD.get(word, (ModelUnavailableError, LOST))
    return kind(sentence)


_TOLD: Mapping[str, tuple[type[MunimentError], str]] = {
    Failure.UNCONFINED: (ModelRefusedError, _UNCONFINED),
    Failure.LIBRARY: (ModelFileError, _LIBRARY),
    Failure.MODEL: (ModelFileError, _MODEL),
    Failure.CONTEXT: (ModelRefusedError, _CONTEXT),
    Failure.TOO_LONG: (ModelRefusedError, _TOO_LONG),
    Failure.BROKEN: (ModelUnavailableError, _BROKEN),
}
