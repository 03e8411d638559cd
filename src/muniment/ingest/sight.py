"""What one actor sees of an agent's documents: the extracted text, the working text, or nothing for now.

Decided here for every door: viewer, pictures, originals, names, citations.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Self

from django.utils.translation import gettext as _

from muniment.agents.selectors import masking_in, sees_names
from muniment.agents.types import Masking, MaskingMode
from muniment.core.actors import Actor
from muniment.ingest.documents import Document
from muniment.silo.sealed import Silo, SiloReader

if TYPE_CHECKING:
    from muniment.agents.models import Agent


class View(Enum):
    EXTRACTED = auto()
    WORKING = auto()
    WAITING = auto()


@dataclass(frozen=True, slots=True)
class Sight:
    """`names`: whether the actor may see them; `masking`: what holds in the silo now."""

    names: bool
    masking: Masking

    @classmethod
    def of(cls, actor: Actor, agent: "Agent", silo: Silo, reader: SiloReader) -> Self:
        return cls(sees_names(actor, agent), masking_in(silo, reader))

    def view(self, document: Document) -> View:
        """Attack stopped: masking was switched on or extended, and until a document's turn comes its names are still
        read by who may not see them. Residue accepted: until then it is not there for them.
        """
        if self.names:
            return View.WORKING if document.is_masked_for_good else View.EXTRACTED
        return View.WORKING if document.masking == self.masking.stamp else View.WAITING

    def shows_file(self, document: Document) -> bool:
        """The file itself, or a picture of it: nothing is masked in either."""
        if self.masking.mode is MaskingMode.MASK or document.is_masked_for_good:
            return False
        return self.view(document) is View.EXTRACTED or (not self.masking.is_on and self.view(document) is View.WORKING)

    def name(self, document: Document) -> str:
        if self.names or (not self.masking.is_on and self.view(document) is View.WORKING):
            return document.name
        return (document.working_name if self.view(document) is View.WORKING else "") or _("Document")
