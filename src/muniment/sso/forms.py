"""What owners type about connections. Checks the shape alone."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from muniment.sso.oidc.discovery import ClientAuth
from muniment.sso.services import ConnectionDraft, OidcDraft, TypedProvider
from muniment.sso.types import LONGEST_NAME, Protocol
from muniment.sso.words import PROTOCOLS

_LONGEST_PASTED = 2_000_000  # characters of metadata in a field; a larger document is uploaded
_LONGEST_SECRET = 4000


class DomainForm(forms.Form):
    name = forms.CharField(
        label=_("Domain"), max_length=253, help_text=_("As behind the @ of your addresses: example.org")
    )


class NewConnectionForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        help_text=_("What your people call it: Okta, Entra, the school's login."),
    )
    protocol = forms.ChoiceField(
        label=_("How it speaks"),
        choices=[(one.value, said) for one, said in PROTOCOLS.items()],
        help_text=_("Most providers speak both."),
    )


class ConnectionForm(forms.Form):
    """Whom it is for, and what the provider calls things. `domains`: those the team has proven."""

    name = forms.CharField(label=_("Name"), max_length=LONGEST_NAME)
    domains = forms.MultipleChoiceField(
        label=_("For the people of"),
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        help_text=_("None chosen: of all your domains that no other connection names."),
    )
    email_attribute = forms.CharField(label=_("Attribute of the e-mail address"), max_length=255, required=False)
    name_attribute = forms.CharField(label=_("Attribute of the name"), max_length=255, required=False)
    groups_attribute = forms.CharField(
        label=_("Attribute of the groups"),
        max_length=255,
        required=False,
        help_text=_("Leave these empty: the usual ones are found. A trial shows which arrive."),
    )
    lets_provider_begin = forms.BooleanField(
        label=_("Also from a tile at the provider"),
        required=False,
        help_text=_(
            "Then a sign-in that nobody began here counts too. Leave it off unless your people use such tiles."
        ),
    )

    def __init__(self, *given: Any, domains: list[str], protocol: str, **named: Any) -> None:
        super().__init__(*given, **named)
        self.fields["domains"].choices = [(one, one) for one in domains]  # type: ignore[attr-defined]
        if protocol == Protocol.OIDC:
            for name in ("email_attribute", "name_attribute", "lets_provider_begin"):
                del self.fields[name]

    def draft(self) -> ConnectionDraft:
        return ConnectionDraft(**self.cleaned_data)


class MetadataAddressForm(forms.Form):
    url = forms.CharField(
        label=_("Address of the metadata"),
        max_length=2000,
        help_text=_("It begins with https://. They are read now, and again every day."),
    )
    entity_id = forms.CharField(
        label=_("Entity ID"),
        max_length=1024,
        required=False,
        help_text=_("Only if it names several providers."),
    )
    signer = forms.CharField(
        label=_("Certificate that signs them"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only if your federation signs its metadata. Then nothing unsigned is taken."),
    )


class MetadataDocumentForm(forms.Form):
    document = forms.FileField(label=_("Metadata file"), required=False)
    pasted = forms.CharField(
        label=_("or its content"),
        required=False,
        max_length=_LONGEST_PASTED,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    entity_id = forms.CharField(
        label=_("Entity ID"),
        max_length=1024,
        required=False,
        help_text=_("Only if it names several providers."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("document") and not cleaned.get("pasted"):
            self.add_error("document", _("Choose the file, or paste what stands in it."))
        return cleaned

    def data_given(self) -> bytes:
        file = self.cleaned_data["document"]
        return bytes(file.read()) if file else str(self.cleaned_data["pasted"]).strip().encode()


class TypedProviderForm(forms.Form):
    entity_id = forms.CharField(label=_("Entity ID of the provider"), max_length=1024)
    sso_url = forms.CharField(label=_("Sign-in address (SSO URL)"), max_length=2000)
    by_post = forms.BooleanField(label=_("It takes requests by form only (HTTP-POST)"), required=False)
    slo_url = forms.CharField(label=_("Sign-out address (SLO URL)"), max_length=2000, required=False)
    certificate = forms.CharField(label=_("Certificate"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 5}))
    further = forms.CharField(
        label=_("Next certificate"),
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("While the provider changes from one to the other, both count."),
    )

    def typed(self) -> TypedProvider:
        given = self.cleaned_data
        certificates = [given[name] for name in ("certificate", "further") if given[name].strip()]
        return TypedProvider(
            given["entity_id"], given["sso_url"], certificates, by_post=given["by_post"], slo_url=given["slo_url"]
        )


class OidcForm(forms.Form):
    issuer = forms.CharField(
        label=_("Issuer"),
        max_length=2000,
        help_text=_("An address, exactly as the provider names it: https://id.example.org"),
    )
    client_id = forms.CharField(label=_("Client ID"), max_length=255)
    secret = forms.CharField(
        label=_("Client secret"),
        required=False,
        max_length=_LONGEST_SECRET,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text=_("Sealed at once, and shown never again. Left empty, the one that is there stays."),
    )
    forget = forms.BooleanField(label=_("Forget the secret: the provider wants none"), required=False)
    client_auth = forms.ChoiceField(
        label=_("How the secret is sent"),
        required=False,
        choices=[
            ("", _("As the provider says")),
            (ClientAuth.BASIC.value, _("In the header (client_secret_basic)")),
            (ClientAuth.POST.value, _("In the form (client_secret_post)")),
        ],
    )
    scopes = forms.CharField(
        label=_("Further scopes"),
        required=False,
        max_length=500,
        help_text=_("Beside openid, email and profile: groups, at some providers."),
    )
    signs_out_by_form = forms.BooleanField(
        label=_("Sign out there by a form, not by a link"),
        required=False,
        help_text=_(
            "The form keeps the id token, with name and address in it, out of addresses, histories and logs. Try it: "
            "some providers answer a form with an error, or do not know whose browser sends it."
        ),
    )

    def draft(self) -> OidcDraft:
        given = self.cleaned_data
        secret = "" if given["forget"] else given["secret"] or None
        names = ("issuer", "client_id", "client_auth", "scopes", "signs_out_by_form")
        return OidcDraft(secret=secret, **{name: given[name] for name in names})
