"""The pages of the server: providers of models, the budget, what the operator set."""

from decimal import Decimal
from typing import Any

from muniment.console.forms import BudgetForm, ChangedProviderForm, ProviderForm
from tests.look.samples_frame import frame

ID = "c" * 26
HOSTS = ["http://127.0.0.1:11434", "https://models.klinikum-suedost.example", "smtp://mail.klinikum-suedost.example"]
HERE: dict[str, Any] = {
    "id": ID,
    "name": "Ollama in the cellar",
    "model": "qwen3:14b-instruct-q4_K_M",
    "address": "http://127.0.0.1:11434/v1",
    "inside": True,
    "has_key": False,
    "url": "/server/models/1",
}
ELSEWHERE = HERE | {
    "name": "Azure, Frankfurt",
    "model": "gpt-klinik",
    "address": "https://klinikum-suedost-germany-west-central.openai.azure.example",
    "inside": False,
    "has_key": True,
}
SPENT = {"calls": 1204, "tokens": 3_812_044, "cost": Decimal("18.2244"), "token_limit": 5_000_000, "cost_limit": None}
FACTS: dict[str, Any] = {
    "base_url": "https://muniment.klinikum-suedost.example",
    "internal": HOSTS,
    "upload_limit": 200,
    "search_memory": 1024,
    "mail": {"server": HOSTS[2], "sender": "muniment@klinikum-suedost.example", "user": "muniment"},
    "me": "a.mueller-luedenscheidt@klinikum-suedost.example",
}
PACKAGED: dict[str, Any] = {
    "label": "Embedding model",
    "name": "all-MiniLM-L6-v2-int8",
    "address": "",
    "model": "",
    "inside": True,
    "test": "/server/models/in-use/embedding/test",
}
IN_USE = [
    PACKAGED
    | {
        "name": "multilingual-e5-large",
        "address": "http://embeddings.klinikum-suedost.example:8080/v1",
        "model": "intfloat/multilingual-e5-large",
    },
    PACKAGED
    | {
        "label": "Reranker",
        "name": "rerank-multilingual",
        "address": "https://api.rerank.example/v2",
        "model": "rerank-multilingual-v3.0",
        "inside": False,
    },
]
NOTHING = SPENT | {"calls": 0, "tokens": 0, "cost": Decimal(0), "token_limit": None}


def page(name: str, **context: Any) -> tuple[str, dict[str, Any]]:
    tabs = [
        {"label": "Models", "url": "/server/models", "current": name != "server"},
        {"label": "Mail and limits", "url": "/server", "current": name == "server"},
    ]
    return f"console/{name}.html", frame("Server", server_tabs=tabs, **context)


TYPED = {"name": "", "kind": "openai", "base_url": "http://10.0.0.7", "model": "large", "patience": "2"}
STATES: dict[str, tuple[str, dict[str, Any]]] = {
    "console/models": page(
        "models",
        providers=[HERE, ELSEWHERE],
        in_use=IN_USE,
        spent=SPENT,
        form=BudgetForm(initial={"tokens": 5_000_000}),
    ),
    "console/models--none": page("models", providers=[], in_use=[PACKAGED], spent=NOTHING, form=BudgetForm()),
    "console/provider": page(
        "provider",
        form=ChangedProviderForm(initial=HERE | {"base_url": HERE["address"]}),
        internal=HOSTS,
        provider=HERE,
    ),
    "console/provider--new": page("provider", form=ProviderForm(), internal=[]),
    "console/provider--refused": page("provider", form=ProviderForm(TYPED), internal=HOSTS),
    "console/server": page("server", facts=FACTS),
    "console/server--bare": page("server", facts=FACTS | {"mail": None, "internal": []}),
}
