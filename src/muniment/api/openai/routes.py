"""`/v1/models` and `/v1/chat/completions`."""

from functools import partial
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseBase, JsonResponse
from ninja import NinjaAPI

from muniment.agents.selectors import agent as agent_by_id
from muniment.agents.selectors import agents
from muniment.api.authentication import ByKey, KeyRequest
from muniment.api.errors import UnsupportedError
from muniment.api.openai.completions import Completion
from muniment.api.openai.history import question_of, told
from muniment.api.openai.schemas import CompletionRequest, Model, ModelList
from muniment.api.problems import error_object, openai_form, refuse_in_words
from muniment.api.streaming import asked, event_stream
from muniment.chat import services
from muniment.core.actors import Actor
from muniment.core.database.unchanged import while_unchanged
from muniment.core.errors import NotFoundError
from muniment.core.ids import is_id
from muniment.credits.selectors import check_queries_left

if TYPE_CHECKING:
    from muniment.agents.models import Agent

api = NinjaAPI(
    title="Muniment for OpenAI clients",
    version="1",
    urls_namespace="openai",
    auth=ByKey(),
    docs_url=None,
    openapi_url=None,
)
refuse_in_words(api, openai_form)


@api.get("/models", response=ModelList, url_name="models")
def list_models(request: KeyRequest) -> HttpResponse:
    """The agents the key reaches."""
    return _sent(while_unchanged(("models", request.actor), partial(_models, request.actor)))


@api.get("/models/{model}", response=Model, url_name="model")
def retrieve_model(request: KeyRequest, model: str) -> HttpResponse:
    actor = request.actor
    found = while_unchanged(("model", actor, model), lambda: _model(_agent(actor, model)).model_dump_json())
    return _sent(found)


@api.post("/chat/completions", url_name="completions")
def create_completion(request: KeyRequest, body: CompletionRequest) -> HttpResponseBase:
    """The agent answers the last message of the user; the turns before it say what a follow-up is about."""
    return completed(request, _agent(request.actor, body.model), body)


def completed(request: KeyRequest, agent: "Agent", body: CompletionRequest) -> HttpResponseBase:
    if body.n not in {None, 1}:
        raise UnsupportedError("An agent gives one answer. Leave n out, or set it to 1.")
    question = question_of(body.messages)
    completion = Completion(actor=request.actor, agent=agent, question=question)

    asking = partial(asked, request.token, agent, question, body.conversation or told(body.messages))
    if not body.stream:
        with services.answers.held(request.actor.ref):
            return JsonResponse(completion.whole(asking(lambda: False)))
    check_queries_left(agent.team_id)
    usage = bool(body.stream_options and body.stream_options.include_usage)
    return event_stream(
        lambda left: completion.chunks(asking(left), with_usage=usage), person=request.actor.ref, failed=error_object
    )


def _agent(actor: Actor, named: str | None) -> "Agent":
    """By id, or by a name that one agent alone has. The id counts first: see `cli.acting.find_agent`."""
    if named and is_id(named):
        try:
            return agent_by_id(actor, named)
        except NotFoundError:
            pass
    found = list(agents(actor).filter(name=named)[:2])
    if len(found) != 1:
        raise NotFoundError("There is no such model, or several of this name. GET /v1/models lists their ids.")
    return found[0]


def _models(actor: Actor) -> str:
    """As it is sent: what lists agents is asked most often of all."""
    return ModelList(data=[_model(one) for one in agents(actor).order_by("name", "pk")]).model_dump_json()


def _sent(json: str) -> HttpResponse:
    return HttpResponse(json, content_type="application/json; charset=utf-8")


def _model(agent: "Agent") -> Model:
    return Model(id=agent.id, created=int(agent.created_at.timestamp()), owned_by=agent.team_id, name=agent.name)
