"""llama.cpp's own C interface, reached by ctypes in the library that the package `xllamacpp` brings.

Not by the package's class `Server`: that is llama.cpp's HTTP server, which listens on 127.0.0.1 before it loads a model
and does not come up where it may not (docs/decisions/0017-local-models.md). Signatures after include/llama.h.

Structures that the library returns and takes by value are opaque here and larger than they are: the ABI of both x86_64
and aarch64 passes any structure over 16 bytes in memory, and the callee reads what it knows. Of their fields only the
first three of llama_context_params are written, and only where the library's defaults stand there.
"""

import ctypes
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

PACKAGE = "xllamacpp"
STEP = 128
"""Tokens computed at once: between two steps a child hears that it is to stop."""

_Callback = ctypes.CFUNCTYPE(None, ctypes.c_int, ctypes.c_char_p, ctypes.c_void_p)
_Number = ctypes.c_int32
_Pointer = ctypes.c_void_p


class _Parameters(ctypes.Structure):
    """llama_model_params, llama_context_params or llama_batch: at most 200 bytes in the release that is pinned."""

    _fields_ = (("head", ctypes.c_uint32 * 3), ("rest", ctypes.c_char * 500))


class _ChainParameters(ctypes.Structure):
    _fields_ = (("without_timing", ctypes.c_bool),)


_SIGNATURES: dict[str, tuple[Any, ...]] = {
    "llama_log_set": (None, _Callback, _Pointer),
    "llama_backend_init": (None,),
    "llama_model_default_params": (_Parameters,),
    "llama_context_default_params": (_Parameters,),
    "llama_model_load_from_file_ptr": (_Pointer, _Pointer, _Parameters),
    "llama_init_from_model": (_Pointer, _Pointer, _Parameters),
    "llama_model_get_vocab": (_Pointer, _Pointer),
    "llama_model_chat_template": (ctypes.c_char_p, _Pointer, ctypes.c_char_p),
    "llama_model_has_encoder": (ctypes.c_bool, _Pointer),
    "llama_n_ctx": (ctypes.c_uint32, _Pointer),
    "llama_set_n_threads": (None, _Pointer, _Number, _Number),
    "llama_get_memory": (_Pointer, _Pointer),
    "llama_memory_clear": (None, _Pointer, ctypes.c_bool),
    "llama_tokenize": (
        _Number, _Pointer, ctypes.c_char_p, _Number, ctypes.POINTER(_Number), _Number, ctypes.c_bool, ctypes.c_bool,
    ),
    "llama_token_to_piece": (_Number, _Pointer, _Number, ctypes.c_char_p, _Number, _Number, ctypes.c_bool),
    "llama_vocab_eos": (_Number, _Pointer),
    "llama_vocab_get_text": (ctypes.c_char_p, _Pointer, _Number),
    "llama_vocab_is_eog": (ctypes.c_bool, _Pointer, _Number),
    "llama_batch_get_one": (_Parameters, ctypes.POINTER(_Number), _Number),
    "llama_decode": (_Number, _Pointer, _Parameters),
    "llama_sampler_chain_default_params": (_ChainParameters,),
    "llama_sampler_chain_init": (_Pointer, _ChainParameters),
    "llama_sampler_chain_add": (None, _Pointer, _Pointer),
    "llama_sampler_init_greedy": (_Pointer,),
    "llama_sampler_init_top_k": (_Pointer, _Number),
    "llama_sampler_init_top_p": (_Pointer, ctypes.c_float, ctypes.c_size_t),
    "llama_sampler_init_temp": (_Pointer, ctypes.c_float),
    "llama_sampler_init_dist": (_Pointer, ctypes.c_uint32),
    "llama_sampler_sample": (_Number, _Pointer, _Pointer, _Number),
    "llama_sampler_free": (None, _Pointer),
}  # fmt: skip
"""Name: what it returns, what it takes."""


class LibraryError(Exception):
    """The library is missing, or is not the one this module was written for."""


class ModelError(Exception):
    """The library does not take the file for a model it can run."""


class ContextError(Exception):
    """There is not the memory for a context of the wanted size."""


def library_path() -> Path | None:
    """Where the library lies; None without the extra `local`."""
    found = find_spec(PACKAGE)
    folders = found.submodule_search_locations if found else None
    return next((path for folder in folders or () for path in Path(folder).glob(f"{PACKAGE}*.so")), None)


class Library:
    """The library's functions, loaded. Nothing of a model is read yet."""

    def __init__(self) -> None:
        path = library_path()
        if path is None:
            raise LibraryError
        try:
            loaded = ctypes.CDLL(str(path))
            self._functions = {name: getattr(loaded, name) for name in _SIGNATURES}
        except (OSError, AttributeError):
            raise LibraryError from None
        for name, (result, *arguments) in _SIGNATURES.items():
            self._functions[name].restype, self._functions[name].argtypes = result, arguments
        self._silent = _Callback(lambda _level, _text, _data: None)  # its words may quote the file, or a question
        self("llama_log_set", self._silent, None)
        self("llama_backend_init")

    def __call__(self, name: str, *arguments: Any) -> Any:
        return self._functions[name](*arguments)


def open_stream(handle: int) -> int:
    """A C stream over an open file. Taken before the walls are up: later nothing opens any more."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.fdopen.restype, libc.fdopen.argtypes = _Pointer, (ctypes.c_int, ctypes.c_char_p)
    stream: int = libc.fdopen(handle, b"rb")
    return stream


class Llama:
    """One model with one context, for one question at a time. Raises ModelError, ContextError, LibraryError."""

    def __init__(self, library: Library, stream: int, *, context: int, threads: int) -> None:
        self._call = library
        self._model = library("llama_model_load_from_file_ptr", stream, library("llama_model_default_params"))
        if not self._model or library("llama_model_has_encoder", self._model):
            raise ModelError
        wanted = library("llama_context_default_params")
        if list(wanted.head) != [512, 2048, 512]:  # n_ctx, n_batch, n_ubatch: what the fields below are known by
            raise LibraryError
        wanted.head[:] = [context, STEP, STEP]
        self._context = library("llama_init_from_model", self._model, wanted)
        if not self._context:
            raise ContextError
        library("llama_set_n_threads", self._context, threads, threads)
        self._vocabulary = library("llama_model_get_vocab", self._model)
        self._memory = library("llama_get_memory", self._context)
        self.size: int = library("llama_n_ctx", self._context)
        """Tokens that question and answer may have together."""

    @property
    def template(self) -> str | None:
        """The chat template the file carries, Jinja."""
        found: bytes | None = self._call("llama_model_chat_template", self._model, None)
        return None if found is None else found.decode(errors="replace")

    @property
    def end(self) -> str:
        """What the token that ends a turn is called."""
        token: int = self._call("llama_vocab_eos", self._vocabulary)
        found: bytes | None = self._call("llama_vocab_get_text", self._vocabulary, token) if token >= 0 else None
        return (found or b"").decode(errors="replace")

    def tokens(self, text: str, *, marks: bool, first: bool) -> list[int]:
        """`marks`: names of control tokens in it are those tokens. `first`: with what the model begins a text with."""
        data = text.encode()
        room = len(data) + 8
        found = (_Number * room)()
        count = self._call("llama_tokenize", self._vocabulary, data, len(data), found, room, first, marks)
        return list(found[:count])

    def decode(self, tokens: Sequence[int]) -> bool:
        """Computes at most STEP further tokens; False where the context is full or the library gave up."""
        held = (_Number * len(tokens))(*tokens)
        result: int = self._call("llama_decode", self._context, self._call("llama_batch_get_one", held, len(tokens)))
        return result == 0

    def sampler(self, temperature: float, seed: int) -> int:
        """How the next token is chosen: the likeliest at temperature 0, else one of the likely. To be freed."""
        chain: int = self._call("llama_sampler_chain_init", self._call("llama_sampler_chain_default_params"))
        if temperature <= 0:
            steps = [self._call("llama_sampler_init_greedy")]
        else:
            steps = [
                self._call("llama_sampler_init_top_k", 40),
                self._call("llama_sampler_init_top_p", 0.95, 1),
                self._call("llama_sampler_init_temp", temperature),
                self._call("llama_sampler_init_dist", seed),
            ]
        for step in steps:
            self._call("llama_sampler_chain_add", chain, step)
        return chain

    def next(self, sampler: int) -> int | None:
        """The next token; None where the model ends its answer."""
        token: int = self._call("llama_sampler_sample", sampler, self._context, -1)
        return None if self._call("llama_vocab_is_eog", self._vocabulary, token) else token

    def piece(self, token: int) -> bytes:
        """The bytes of a token, perhaps only a part of a character; none for control tokens."""
        buffer = ctypes.create_string_buffer(256)
        length = self._call("llama_token_to_piece", self._vocabulary, token, buffer, len(buffer), 0, False)
        return buffer.raw[: max(length, 0)]

    def free(self, sampler: int) -> None:
        self._call("llama_sampler_free", sampler)

    def forget(self) -> None:
        """Nothing of a question stays for the next one, which may be another team's: not even to be faster by it."""
        self._call("llama_memory_clear", self._memory, True)
