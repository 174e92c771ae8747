from django.urls import URLPattern, URLResolver, path

from accounts.views import api_docs, appearance, audit_log, keys, me, people, session

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", session.LoginView.as_view(), name="login"),
    path("logout/", session.LogoutView.as_view(), name="logout"),
    path("appearance/", appearance.appearance, name="appearance"),
    path("me/", me.me, name="me"),
    path("me/password/", me.change_password, name="change_password"),
    path("people/", people.PeopleList.as_view(), name="people"),
    path("people/new/", people.new_person, name="new_person"),
    path("people/<uuid:uid>/", people.person, name="person"),
    path("people/<uuid:uid>/reach/", people.change_reach, name="change_reach"),
    path("people/<uuid:uid>/active/", people.change_active, name="change_active"),
    path("people/<uuid:uid>/password/", people.set_password, name="set_password"),
    path("keys/", keys.KeyList.as_view(), name="keys"),
    path("keys/new/", keys.new_key, name="new_key"),
    path("audit/", audit_log.AuditLog.as_view(), name="audit"),
    path("api/schema/", api_docs.schema, name="api_schema"),
    path("api/docs/", api_docs.docs, name="api_docs"),
    path("audit/export/", audit_log.export, name="export_audit"),
]
