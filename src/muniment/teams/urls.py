"""Addresses of this room."""

from django.urls import path

from muniment.teams import invitation_pages, key_pages, member_pages, role_pages, sign_in_page, views

app_name = "teams"
urlpatterns = [
    path("setup", views.setup, name="setup"),
    path("setup/recovery-kit", views.show_kit, name="recovery_kit"),
    path("setup/recovery-kit/check", views.check_kit, name="check_kit"),
    path("invitation", invitation_pages.join, name="join"),
    path("members", member_pages.members, name="members"),
    path("members/invite", member_pages.invite, name="invite"),
    path("members/invitations/<str:invitation>/withdraw", member_pages.withdraw, name="withdraw"),
    path("members/<int:member>", member_pages.member, name="member"),
    path("members/<int:member>/role", member_pages.change_role, name="change_role"),
    path("members/<int:member>/suspend", member_pages.suspend, name="suspend"),
    path("members/<int:member>/resume", member_pages.resume, name="resume"),
    path("members/<int:member>/remove", member_pages.remove, name="remove"),
    path("roles", role_pages.roles, name="roles"),
    path("roles/new", role_pages.new, name="new_role"),
    path("roles/<str:role>", role_pages.role, name="role"),
    path("roles/<str:role>/delete", role_pages.delete, name="delete_role"),
    path("keys", key_pages.keys, name="keys"),
    path("keys/new", key_pages.new, name="new_key"),
    path("keys/<str:key>/revoke", key_pages.revoke, name="revoke_key"),
    path("team/switch", views.switch, name="switch"),
    path("team/sign-in", sign_in_page.sign_in_policy, name="sign_in_policy"),
    path("team/people/<str:person>/recovery-link", sign_in_page.recovery_link, name="recovery_link"),
    path("team/people/<str:person>/email-link", sign_in_page.email_link, name="email_link"),
]
