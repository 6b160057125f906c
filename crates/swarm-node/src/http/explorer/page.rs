//! The frame of every page, and the small parts that pages are made of.

use axum::http::{HeaderName, StatusCode, header};
use axum::response::{IntoResponse, Response};
use maud::{DOCTYPE, Markup, html};

use crate::http::assets;
use crate::http::error::Problem;
use crate::http::openapi::route::encoded as address;
use crate::oracle::Shared;

/// What a page may load and do: files of this oracle, and forms to it.
///
/// # Source
/// W3C Content Security Policy Level 3.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Where the pages are: what comes before every address.
#[derive(Debug, Clone, Copy)]
pub(super) struct Site<'a>(&'a str);

impl<'a> Site<'a> {
    pub(super) fn of(oracle: &'a Shared) -> Self {
        Self(&oracle.config.folder.base_path)
    }

    /// An address below the oracle's.
    pub(super) fn at(self, path: &str) -> String {
        format!("{}{path}", self.0)
    }

    /// The list of contracts.
    pub(super) fn catalogue(self) -> String {
        self.at("/docs")
    }

    /// The page of a contract.
    pub(super) fn sheet(self, name: &str) -> String {
        format!("{}/docs/{}", self.0, address(name))
    }

    fn asset(self, name: &str) -> String {
        self.at(&assets::address(name))
    }
}

/// A page before it has a frame.
pub(super) struct Page {
    /// What the window is called.
    pub(super) title: String,
    pub(super) main: Markup,
}

/// Answers with a page.
pub(super) fn answer(site: Site<'_>, status: StatusCode, page: &Page) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    ];
    (status, headers, framed(site, page).into_string()).into_response()
}

/// Answers with what went wrong.
pub(super) fn problem(site: Site<'_>, problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let main = html! {
        section.hero {
            p.eyebrow { (problem.status) }
            h1 { (problem.title) }
            p.lead { (problem.detail) }
            @if let Some(hint) = &problem.hint { p { (hint) } }
            p { a.button href=(site.catalogue()) { "All contracts" } }
        }
    };
    let mut response = answer(site, status, &Page { title: problem.title.clone(), main });
    response.headers_mut().extend(problem.headers());
    response
}

fn framed(site: Site<'_>, page: &Page) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" {
            (head(site, &page.title))
            body {
                a.skip href="#main" { "Skip to the content" }
                (top(site))
                main #main tabindex="-1" { (page.main) }
                footer.bottom {
                    p { "Zenswarm " (env!("CARGO_PKG_VERSION")) ". Programs read " a href=(site.at("/openapi.json")) { "the OpenAPI document" } "." }
                }
            }
        }
    }
}

fn head(site: Site<'_>, title: &str) -> Markup {
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            title { (title) " · Zenswarm oracle" }
            link rel="icon" href=(site.asset("zenswarm.svg")) type="image/svg+xml";
            link rel="stylesheet" href=(site.asset("zenswarm.css"));
            script src=(site.asset("zenswarm.js")) defer {}
        }
    }
}

fn top(site: Site<'_>) -> Markup {
    html! {
        header.top {
            a.brand href=(site.catalogue()) {
                img src=(site.asset("zenswarm.svg")) alt="" width="28" height="28";
                span { "Zenswarm" small { "oracle" } }
            }
            nav aria-label="Pages" {
                a href=(site.catalogue()) { "Contracts" }
                a href=(site.at("/openapi.json")) { "OpenAPI" }
                a href=(site.at("/health")) { "Health" }
            }
        }
    }
}

/// Small labels in a row.
pub(super) fn tags(site: Site<'_>, names: &[String]) -> Markup {
    html! {
        @if !names.is_empty() {
            ul.tags aria-label="Tags" {
                @for name in names {
                    li { a.tag href={ (site.catalogue()) "?tag=" (encoded(name)) } { (name) } }
                }
            }
        }
    }
}

/// A text in a box, with a button that copies it where there is a script.
pub(super) fn copied(id: &str, label: &str, content: Markup) -> Markup {
    html! {
        figure.copied {
            figcaption {
                span { (label) }
                button.quiet type="button" data-copy=(id) hidden { "Copy" }
            }
            pre #(id) { code { (content) } }
        }
    }
}

/// Part of a query, encoded.
pub(super) fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
