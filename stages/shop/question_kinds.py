"""What can be asked of a shop's orders, in SQL: aggregates, and filters with their values."""

from typing import NamedTuple

from stages.shop.catalogue import CATEGORIES, COMPLAINTS, PRODUCTS, SENTIMENTS, STATES, STATUSES


class Aggregate(NamedTuple):
    what: str
    behind: str = ""  # the WHERE
    without: tuple[str, ...] = ()  # filters that would make the question odd or its answer plain


SCORES = ("sentiment", "low_score", "complaint")
SELECTS = {
    "count": Aggregate("COUNT(*)"),
    "customers": Aggregate("COUNT(DISTINCT customer)"),
    "revenue": Aggregate("SUM(total)"),
    "mean_total": Aggregate("AVG(total)", without=("product",)),
    "max_total": Aggregate("MAX(total)", without=("bound", "product")),
    "units": Aggregate("SUM(quantity)"),
    "mean_score": Aggregate("AVG(score)", without=(*SCORES, "status")),
    "mean_days": Aggregate("AVG(days)", without=("slow", "status")),
    "share_cancelled": Aggregate(
        "AVG(status = 'cancelado') * 100", without=(*SCORES, "status", "slow")
    ),
    "share_negative": Aggregate("AVG(sentiment = 'negativo') * 100", without=(*SCORES, "status")),
    "top_products": Aggregate(
        "product", "GROUP BY product ORDER BY COUNT(*) DESC LIMIT {n}", ("product",)
    ),
    "top_states": Aggregate(
        "state", "GROUP BY state ORDER BY SUM(total) DESC LIMIT {n}", ("state",)
    ),
    "worst_category": Aggregate(
        "category", "GROUP BY category ORDER BY AVG(score) LIMIT 1",
        (*SCORES, "category", "product", "status"),
    ),
    "busiest_month": Aggregate(
        "month", "GROUP BY month ORDER BY COUNT(*) DESC LIMIT 1", ("month",)
    ),
    "by_status": Aggregate(
        "status, COUNT(*)", "GROUP BY status", (*SCORES, "status", "slow")
    ),
    "by_category": Aggregate(
        "category, SUM(total)", "GROUP BY category", ("category", "product")
    ),
}  # fmt: skip
# In the order in which they are said.
CONDITIONS = {
    "status": ("status = '{}'", STATUSES),
    "category": ("category = '{}'", CATEGORIES),
    "product": ("product = '{}'", tuple(product.name for product in PRODUCTS)),
    "state": ("state = '{}'", tuple(STATES)),
    "month": ("month = {}", tuple(range(1, 13))),
    # One filter, since near-duplicates are found without punctuation.
    "bound": ("total {}", ("> 100", "> 200", "> 300", "> 400", "< 60", "< 80", "< 120", "< 150")),
    "slow": ("days > {}", (5, 6, 7, 8, 9, 10, 12)),
    "low_score": ("score < {}", (2, 3, 4)),
    "sentiment": ("sentiment = '{}'", SENTIMENTS),
    "complaint": ("complaint = '{}'", COMPLAINTS),
}
APART = (
    {"category", "product"}, {"product", "bound"},
    {"sentiment", "low_score"}, {"sentiment", "complaint"}, {"low_score", "complaint"},
    {"status", "slow"}, {"status", "low_score"}, {"status", "sentiment"}, {"status", "complaint"},
)  # fmt: skip
