"""Addresses of this room."""

from django.urls import path

from muniment.sso import doors, guide_pages, pages, people_pages, provider_pages

app_name = "sso"
urlpatterns = [
    path("sign-in/organisation", doors.sign_in, name="sign_in"),
    path("sso/confirm", doors.confirm, name="confirm"),
    path("sso/saml/<str:connection>/metadata", doors.metadata, name="metadata"),
    path("sso/saml/<str:connection>/acs", doors.acs, name="acs"),
    path("sso/saml/<str:connection>/arrive/<str:arrival>", doors.arrive, name="arrive"),
    path("sso/saml/<str:connection>/logout", doors.logout, name="logout"),
    path("sso/oidc/<str:client>/callback", doors.callback, name="callback"),
    path("sso/oidc/<str:client>/signed-out", doors.signed_out, name="signed_out"),
    path("sso/oidc/<str:client>/backchannel-logout", doors.backchannel_logout, name="backchannel_logout"),
    path("profile/sso", pages.home, name="home"),
    path("profile/sso/domains", pages.add, name="add_domain"),
    path("profile/sso/domains/<str:domain>/check", pages.check, name="check_domain"),
    path("profile/sso/domains/<str:domain>/retry", pages.retry, name="retry_domain"),
    path("profile/sso/domains/<str:domain>/remove", pages.remove, name="remove_domain"),
    path("profile/sso/new", provider_pages.new, name="new"),
    path("profile/sso/people", people_pages.people, name="people"),
    path("profile/sso/only", people_pages.only, name="only"),
    path("profile/sso/only/kept", people_pages.keep, name="keep"),
    path("profile/sso/connections/<str:connection>", provider_pages.connection, name="connection"),
    path("profile/sso/connections/<str:connection>/guides/<str:guide>", guide_pages.guide, name="guide"),
    path("profile/sso/guides/pictures/<str:picture>", guide_pages.picture, name="guide_picture"),
    path("profile/sso/connections/<str:connection>/provider", provider_pages.provider, name="provider"),
    path("profile/sso/connections/<str:connection>/read", provider_pages.read, name="read"),
    path("profile/sso/connections/<str:connection>/try", provider_pages.attempt, name="try"),
    path("profile/sso/connections/<str:connection>/trial", provider_pages.trial, name="trial"),
    path("profile/sso/connections/<str:connection>/switch", provider_pages.switch, name="switch"),
    path("profile/sso/connections/<str:connection>/delete", provider_pages.delete, name="delete"),
    path("profile/sso/connections/<str:connection>/people/<int:identity>/unlink", provider_pages.unlink, name="unlink"),
]
