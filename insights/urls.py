from django.urls import path

from insights.views.home import home

app_name = "insights"
urlpatterns = [path("", home, name="home")]
