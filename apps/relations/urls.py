from django.urls import path
from django.views.decorators.http import require_safe

from apps.core.views_layout import LayoutView
from apps.relations import (
    feeds,
    views,
    views_balance,
    views_compare,
    views_data,
    views_map,
    views_matrix,
    views_search,
    views_years,
)

urlpatterns = [
    path("", views.HomeView.as_view(), name="home"),
    path("states/", views.StateListView.as_view(), name="state-list"),
    path("states/<slug:public_id>/", views.StateDetailView.as_view(), name="state-detail"),
    path("relations/<slug:public_id>/", views.RelationsRedirect.as_view(), name="relations"),
    path("relations/<slug:public_id>/<slug:other>/", views.PairView.as_view(), name="pair"),
    path("states/<slug:public_id>/feed/", require_safe(feeds.StateChangesFeed()), name="state-feed"),
    path("feed/", require_safe(feeds.ChangesFeed()), name="feed"),
    path("data/", views_data.DataView.as_view(), name="data"),
    path("data/layout/", LayoutView.as_view(), name="data-layout"),
    path("map/", views_map.MapView.as_view(), name="map"),
    path("compare/", views_compare.CompareView.as_view(), name="compare"),
    path("search/", views_search.SearchView.as_view(), name="search"),
    path("search/suggest/", views_search.SuggestView.as_view(), name="search-suggest"),
    path("timeline/", views.TimelineView.as_view(), name="timeline"),
    path("years/", views_years.YearsView.as_view(), name="years"),
    path("matrix/", views_matrix.MatrixView.as_view(), name="matrix"),
    path("balance/", views_balance.BalanceView.as_view(), name="balance"),
    path("organizations/", views.OrganizationListView.as_view(), name="organization-list"),
    path(
        "organizations/<slug:public_id>/", views.OrganizationDetailView.as_view(), name="organization-detail"
    ),
    path("people/", views.PersonListView.as_view(), name="person-list"),
    path("people/<slug:public_id>/", views.PersonDetailView.as_view(), name="person-detail"),
]
