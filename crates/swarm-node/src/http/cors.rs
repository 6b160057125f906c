//! Whose pages may call, from other origins than this one: nobody's, unless the operator says so.

use std::time::Duration;

use axum::http::{HeaderName, Method, header};
use tower_http::cors::{AllowHeaders, AllowMethods, AllowOrigin, CorsLayer, ExposeHeaders};

use super::request_log::REQUEST_ID;
use crate::config::Origins;

/// Time for which browsers need not ask again.
const MAX_AGE: Duration = Duration::from_secs(600);

/// Answers preflights and marks answers; none when no origin may call.
///
/// # Source
/// Fetch standard, CORS protocol. Credentials of the browser's own are never allowed: there are no cookies here.
pub(crate) fn layer(origins: &Origins) -> Option<CorsLayer> {
    let origin = match origins {
        Origins::Any => AllowOrigin::any(),
        Origins::List(list) if list.is_empty() => return None,
        Origins::List(list) => AllowOrigin::list(list.iter().cloned()),
    };
    let headers =
        [header::CONTENT_TYPE, header::AUTHORIZATION, HeaderName::from_static("x-api-key"), REQUEST_ID];
    let shown = [REQUEST_ID, header::RETRY_AFTER, header::WWW_AUTHENTICATE];
    let layer = CorsLayer::new()
        .allow_origin(origin)
        .allow_methods(AllowMethods::list([Method::GET, Method::POST]))
        .allow_headers(AllowHeaders::list(headers))
        .expose_headers(ExposeHeaders::list(shown))
        .max_age(MAX_AGE);
    Some(layer)
}
