"""What is done with connections, and with who comes by them."""

from muniment.sso.arriving import heard_by_oidc, heard_by_saml, keep_arrival, take_arrival
from muniment.sso.chat_cookie import chat_address, chat_token, set_chat_cookie
from muniment.sso.chat_users import chat_user_here, end_chat_sessions, let_chat, was_in_chat
from muniment.sso.connections import (
    ConnectionDraft,
    OidcDraft,
    create_connection,
    delete_connection,
    is_complete,
    set_oidc,
    switch_connection,
    told_to_provider,
    unlink_person,
    update_connection,
)
from muniment.sso.leading import lead
from muniment.sso.leading_page import lead_to_chat
from muniment.sso.leaving import hear_answer, sign_out_here, sign_out_there
from muniment.sso.leaving_by_oidc import sign_out_by_token
from muniment.sso.leaving_chat import leave_chat
from muniment.sso.letting_in import came_by_provider_lately, confirm, let_in
from muniment.sso.metadata import TypedProvider, read_again, set_by_address, set_by_document, set_by_hand
from muniment.sso.saml_speaking import metadata_of
from muniment.sso.trying import keep_trial, trial_of

__all__ = [
    "ConnectionDraft",
    "OidcDraft",
    "TypedProvider",
    "came_by_provider_lately",
    "chat_address",
    "chat_token",
    "chat_user_here",
    "confirm",
    "create_connection",
    "delete_connection",
    "end_chat_sessions",
    "hear_answer",
    "heard_by_oidc",
    "heard_by_saml",
    "is_complete",
    "keep_arrival",
    "keep_trial",
    "lead",
    "lead_to_chat",
    "leave_chat",
    "let_chat",
    "let_in",
    "metadata_of",
    "read_again",
    "set_by_address",
    "set_by_document",
    "set_by_hand",
    "set_chat_cookie",
    "set_oidc",
    "sign_out_by_token",
    "sign_out_here",
    "sign_out_there",
    "switch_connection",
    "take_arrival",
    "told_to_provider",
    "trial_of",
    "unlink_person",
    "update_connection",
    "was_in_chat",
]
