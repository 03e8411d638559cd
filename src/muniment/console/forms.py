"""What owners type on the pages of the server. Checks the shape alone; the services decide."""

from decimal import Decimal
from functools import partial

from django import forms
from django.utils.translation import gettext_lazy as _

from muniment.llm.types import ProviderKind

_price = partial(forms.DecimalField, required=False, min_value=Decimal(0), max_digits=10, decimal_places=4)


class ProviderForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=100, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    kind = forms.ChoiceField(
        label=_("Kind"),
        choices=[
            (ProviderKind.OPENAI, _("OpenAI, or compatible (Ollama, vLLM, LM Studio, …)")),
            (ProviderKind.AZURE, _("Azure OpenAI")),
        ],
    )
    base_url = forms.CharField(
        label=_("Address"), max_length=500, widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off"})
    )
    model = forms.CharField(
        label=_("Model"),
        max_length=200,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Its name at the provider; at Azure that of the deployment."),
    )
    api_version = forms.CharField(
        label=_("API version"), required=False, max_length=40, help_text=_("For Azure, such as 2024-10-21.")
    )
    key = forms.CharField(
        label=_("Key"),
        required=False,
        max_length=4000,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Sealed at once and shown never again. Empty where the provider asks for none."),
    )
    patience = forms.IntegerField(
        label=_("Seconds to wait for a word"), initial=120, min_value=5, max_value=600, widget=forms.NumberInput()
    )
    input_price = _price(label=_("Price of a million tokens asked"))
    output_price = _price(label=_("Price of a million tokens answered"))

    def fields_given(self) -> dict[str, object]:
        """All but the key, as the services take them; an empty price is none."""
        given = {name: value for name, value in self.cleaned_data.items() if name != "key"}
        return given | {name: given[name] or Decimal(0) for name in ("input_price", "output_price")}


class ChangedProviderForm(ProviderForm):
    forget = forms.BooleanField(label=_("Forget the key"), required=False)

    def __init__(self, *given: object, **named: object) -> None:
        super().__init__(*given, **named)  # type: ignore[arg-type]
        self.fields["key"].help_text = _("Leave empty to keep the one there is.")

    def key_given(self) -> str | None:
        """None: keep the one there is."""
        return "" if self.cleaned_data["forget"] else self.cleaned_data["key"] or None

    def fields_given(self) -> dict[str, object]:
        return {name: value for name, value in super().fields_given().items() if name != "forget"}


class BudgetForm(forms.Form):
    tokens = forms.IntegerField(
        label=_("Tokens a month"), required=False, min_value=0, max_value=10**15, help_text=_("Empty: no limit.")
    )
    cost = forms.DecimalField(
        label=_("Cost a month"),
        required=False,
        min_value=Decimal(0),
        max_digits=12,
        decimal_places=2,
        help_text=_("In the currency of the prices. Empty: no limit."),
    )
