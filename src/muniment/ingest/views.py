"""The doors to an agent's knowledge: what it holds, files in, files out."""

from collections.abc import Iterable
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from muniment.agents.selectors import deletes, may, sees_names
from muniment.agents.types import AtOnce, ReadAlong
from muniment.audit.services import checkpoint_now
from muniment.core.errors import PermissionDeniedError
from muniment.core.permissions import Permission
from muniment.core.requests import ActorRequest
from muniment.core.wording import in_words
from muniment.credits.selectors import is_told, levels, may_see
from muniment.ingest import selectors
from muniment.ingest.documents import Document, DocumentState
from muniment.ingest.errors import ParseError, UploadTooLargeError
from muniment.ingest.forms import STREAM, deletes_original, streamed_body, streamed_name
from muniment.ingest.pages import originals_of
from muniment.ingest.progress import Progress
from muniment.ingest.services import (
    add_document,
    change_deletion,
    change_reading,
    delete_documents,
    delete_originals,
    retry_documents,
    upload_limit,
)
from muniment.ingest.types import MOST_LEFT_OUT
from muniment.ingest.wording import left_out_groups, mark_word, marks

if TYPE_CHECKING:
    from muniment.agents.models import Agent

PAGE = 50
EVERY = 1  # seconds until the list asks for itself again
ENDINGS = (
    ".pdf,.docx,.pptx,.xlsx,.odt,.odp,.ods,.rtf,.epub,.html,.htm,.md,.markdown,.txt,.csv,.tsv,.json,.jsonl,.eml,.mbox"
    ",.srt,.vtt,.png,.jpg,.jpeg,.tif,.tiff,.webp,.zip,.tar,.gz,.tgz,.bz2,.xz"
)
FLAGGED = "flagged"
SHOWN = {
    "live": DocumentState.LIVE,
    "working": DocumentState.QUEUED,
    "failed": DocumentState.FAILED,
    "waiting": DocumentState.WAITING,
}


@require_safe
def knowledge(request: ActorRequest, agent: "Agent") -> HttpResponse:
    """The page; for htmx the table alone, which asks for itself again while documents are on their way in."""
    held = selectors.totals(request.actor, agent)
    shown = request.GET.get("state", "")
    shown = shown if shown in {*SHOWN, FLAGGED} else ""
    found: Any = selectors.Documents(request.actor, agent, held, SHOWN.get(shown))
    if shown == FLAGGED:
        found = selectors.FlaggedDocuments(request.actor, agent)
    page: Any = Paginator(found, PAGE).get_page(request.GET.get("page"))
    progress = selectors.progress(request.actor, agent)
    listed: list[Document] = list(page)
    originals = originals_of(request.actor, agent, listed)
    page.object_list = [_row(agent, one, progress.get(one.id)) | {"original": originals[one.id]} for one in listed]
    context = {
        "documents": page,
        "totals": held,
        "working": held.working + held.again > 0 or any(one["is_pending"] for one in originals.values()),
        "every": EVERY,
        "is_part": request.headers.get("HX-Request") == "true",
        "shown": shown,
        "may_add": may(request.actor, Permission.DOCUMENT_CREATE, agent),
        "may_retry": may(request.actor, Permission.DOCUMENT_UPDATE, agent),
        "may_delete": may(request.actor, Permission.DOCUMENT_DELETE, agent),
        "sees_names": sees_names(request.actor, agent),
        "upload": {"accept": ENDINGS, "limit": f"{upload_limit() >> 20} MB", "bytes": upload_limit()},
        "deletes_originals": deletes(request.actor, agent).originals,
        "words": levels(request.actor).words if may_see(request.actor) else None,
        "told": is_told(request.actor),
    }
    template = "agents/documents.html" if context["is_part"] else "agents/knowledge.html"
    return render(request, template, context)


@require_safe
def about(request: ActorRequest, agent: "Agent", document: str) -> HttpResponse:
    """What was read of a document, what was not and why, and what a person should look at."""
    found = selectors.inspect_document(request.actor, agent, document)
    text = found.text
    under_way = selectors.progress(request.actor, agent).get(document)
    crumb = {"label": _("Knowledge"), "url": f"{agent.url}/knowledge"}
    context = {
        "document": _row(agent, found.document, under_way),
        "crumbs": [
            {"label": _("Agents"), "url": "/agents"},
            {"label": agent.name, "url": agent.url},
            crumb,
            {"label": found.document.name, "url": ""},
        ],
        "size": found.document.size,
        "media_type": found.document.media_type,
        "archive": found.document.archive,
        "chunks": found.document.chunks,
        "has_original": found.has_original,
        "pictures": list(text.pictures) if text else [],
        "reads_pictures": bool(text and text.pictures and selectors.recognised_languages()),
        "marks": marks(text) if text else [],
        "masked": selectors.masked_in(request.actor, agent, document) if text else None,
        "left_out": left_out_groups(text) if text else [],
        "list_is_full": text is not None and len(text.left_out) >= MOST_LEFT_OUT,
    }
    return render(request, "agents/document.html", context)


@require_POST
def upload(request: ActorRequest, agent: "Agent") -> HttpResponse:
    """One file as the body, from the page's script; or a form with many small ones, without it."""
    if not may(request.actor, Permission.DOCUMENT_CREATE, agent):
        raise PermissionDeniedError("Your role does not allow this. Ask an owner of the team.")
    if request.content_type == STREAM:
        return _streamed(request, agent)
    received, here, refused = 0, 0, []
    for file in request.FILES.getlist("file"):
        try:
            added = add_document(
                actor=request.actor,
                agent=agent,
                name=file.name or "",
                source=file.chunks(),
                delete_original=deletes_original(request),
            )
        except UploadTooLargeError as error:  # the others have their turn
            refused.append(f"{file.name}: {in_words(error)}")
        else:
            received, here = received + (not added.duplicate), here + added.duplicate
    _tell(request, received, here, refused)
    return redirect("ingest:knowledge", agent=agent.id)


@require_POST
def delete(request: ActorRequest, agent: "Agent") -> HttpResponse:
    chosen = request.POST.getlist("document")
    count = delete_documents(actor=request.actor, agent=agent, documents=chosen)
    if not count:
        messages.info(request, _("Nothing was deleted: no document was chosen, or it was gone already."))
        return redirect("ingest:knowledge", agent=agent.id)
    text = ngettext(
        "%(count)s document deleted. Its keys are destroyed.",
        "%(count)s documents deleted. Their keys are destroyed.",
        count,
    )
    checkpoint_now()  # a receipt shows the act in the signed log
    receipts = selectors.proofs_of_erasure(request.actor, chosen)
    messages.success(request, format_html("{} {}", text % {"count": count}, _receipts(receipts)))
    return redirect("ingest:knowledge", agent=agent.id)


@require_POST
def deletion(request: ActorRequest, agent: "Agent") -> HttpResponse:
    """What is deleted at once from now on. Nothing that is kept is touched: the page offers that beside it."""
    chosen = AtOnce(**{name: bool(request.POST.get(name)) for name in ("originals", "conversations")})
    change_deletion(actor=request.actor, agent=agent, deletes=chosen)
    messages.success(request, _("Saved. It holds from now on; nothing that is kept was deleted."))
    return redirect("agents:safety", agent=agent.id)


@require_POST
def reading(request: ActorRequest, agent: "Agent") -> HttpResponse:
    """What beside the text of each file is read with it. Files that are here are read again, behind."""
    along = [kind for kind in ReadAlong if request.POST.get(kind)]
    count = change_reading(actor=request.actor, agent=agent, along=along)
    text = ngettext(
        "Saved. %(count)s document is read again; you may leave this page.",
        "Saved. %(count)s documents are read again; you may leave this page.",
        count,
    )
    messages.success(request, text % {"count": count} if count else _("Saved."))
    return redirect("agents:safety", agent=agent.id)


@require_POST
def erase_originals(request: ActorRequest, agent: "Agent") -> HttpResponse:
    gone = delete_originals(actor=request.actor, agent=agent)
    checkpoint_now()
    text = ngettext(
        "%(count)s file deleted. Its key is destroyed; its text stays. The receipt is in Knowledge.",
        "%(count)s files deleted. Their keys are destroyed; their texts stay. The receipts are in Knowledge.",
        len(gone),
    )
    messages.success(request, text % {"count": len(gone)})
    return redirect("agents:safety", agent=agent.id)


def _receipts(receipts: list[str]) -> SafeString:
    """A link to each: by number, for the names are gone with the documents."""
    one = len(receipts) == 1
    links = (
        (
            reverse("console:receipt", args=[event]),
            _("Receipt") if one else _("Receipt %(number)s") % {"number": number},
        )
        for number, event in enumerate(receipts, 1)
    )
    return format_html_join(" ", '<a href="{}">{}</a>', links)


@require_POST
def retry(request: ActorRequest, agent: "Agent") -> HttpResponse:
    count = retry_documents(actor=request.actor, agent=agent, documents=request.POST.getlist("document"))
    text = ngettext("%(count)s document is queued again.", "%(count)s documents are queued again.", count)
    messages.info(request, text % {"count": count})
    return redirect("ingest:knowledge", agent=agent.id)


def _streamed(request: ActorRequest, agent: "Agent") -> HttpResponse:
    try:
        added = add_document(
            actor=request.actor,
            agent=agent,
            name=streamed_name(request),
            source=streamed_body(request),
            delete_original=deletes_original(request),
        )
    except UnreadablePostError:
        sentence = _("The connection broke off before the file had arrived. Nothing was kept; send it again.")
        return JsonResponse({"sentence": sentence}, status=HTTPStatus.BAD_REQUEST)
    status = HTTPStatus.OK if added.duplicate else HTTPStatus.CREATED
    return JsonResponse({"document": added.document, "duplicate": added.duplicate}, status=status)


def _tell(request: ActorRequest, received: int, here: int, refused: Iterable[str]) -> None:
    if received:
        text = ngettext("%(count)s file received.", "%(count)s files received.", received)
        messages.success(request, text % {"count": received})
    if here:
        text = ngettext("%(count)s file was here already.", "%(count)s files were here already.", here)
        messages.info(request, text % {"count": here})
    for sentence in refused:
        messages.error(request, sentence)
    if not (received or here or refused):
        messages.error(request, _("No file was chosen. Choose at least one."))


def _row(agent: "Agent", document: Document, progress: Progress | None) -> dict[str, Any]:
    is_live, is_waiting = document.state is DocumentState.LIVE, document.state is DocumentState.QUEUED
    under_way = progress if is_waiting else None
    return {
        "id": document.id,
        "name": document.name,
        "url": f"{agent.url}/documents/{document.id}" if is_live else None,
        "state": under_way.step.value if under_way else document.state.value,
        "done": under_way.done if under_way else None,
        "of": under_way.of if under_way else None,
        "pages": document.pages or None,
        "words": document.words if is_live else None,
        "masked": document.masked if is_live and document.masking else None,
        "language": _language(document.language),
        "why": in_words(ParseError.of_kept(document.error) or document.error) or _waits(document),
        "is_tried_again": bool(document.error),
        "added_at": datetime.fromisoformat(document.added_at),
        "about": reverse("ingest:about", args=[agent.id, document.id]),
        "mark": mark_word(document.marks),
        "pictures": document.pictures,
    }


def _waits(document: Document) -> str:
    """Until there is room: nobody has to do anything with the document itself."""
    if document.state is not DocumentState.WAITING:
        return ""
    needs = number_format(document.needs, force_grouping=True)
    text = _("It is kept as it came, and waits until the team's limit has room for %(needs)s more words.")
    return text % {"needs": needs}


def _language(code: str | None) -> str | None:
    try:
        return str(get_language_info(code)["name_translated"]) if code else None
    except KeyError:
        return code
