from django.urls import URLPattern, URLResolver, path

from accounts.views import appearance, session

app_name = "accounts"
urlpatterns: list[URLPattern | URLResolver] = [
    path("login/", session.LoginView.as_view(), name="login"),
    path("logout/", session.LogoutView.as_view(), name="logout"),
    path("appearance/", appearance.appearance, name="appearance"),
]
