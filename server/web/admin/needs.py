"""Who may call which route of `/admin`: a part of the one table in `permissions`."""

from server.web.need import Need

ADMIN: dict[str, Need] = {
    "admin_login.login_page": Need.BROWSER,
    "admin_login.log_in": Need.BROWSER,
    "admin_login.log_out": Need.REVIEWER_VISITOR,
    "admin_login.password_page": Need.REVIEWER_VISITOR,
    "admin_login.set_password": Need.REVIEWER_VISITOR,
    "admin_reviews.waiting": Need.REVIEWER,
    "admin_reviews.application": Need.REVIEWER,
    "admin_reviews.material": Need.REVIEWER,
    "admin_reviews.approve": Need.REVIEWER,
    "admin_reviews.ask_correction": Need.REVIEWER,
    "admin_reviews.reject": Need.REVIEWER,
}
