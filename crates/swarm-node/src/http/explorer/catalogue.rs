//! The list of contracts: a search, tags, a line for each.

use maud::{Markup, html};
use swarm_protocol::did::Did;

use super::Search;
use super::page::{Page, Site, encoded};
use crate::http::openapi::Card;

/// Contracts listed at once; the search finds the others.
const SHOWN_MAX: usize = 500;

pub(super) fn page(site: Site<'_>, cards: &[Card], search: &Search, did: &Did) -> Page {
    let found: Vec<&Card> = cards.iter().filter(|card| search.finds(card)).collect();
    let main = html! {
        section.hero {
            h1 { "Contracts" }
            p.lead { "What this oracle runs. Open one to read it, try it and call it." }
            p.identity { span { "Oracle" } code { (did) } }
        }
        (form(site, search))
        (tags(site, cards, search))
        p.count #count role="status" { (count(found.len(), cards.len())) }
        ul.cards #cards {
            @for card in found.iter().take(SHOWN_MAX) { (line(site, card)) }
        }
        @if found.len() > SHOWN_MAX {
            p.count { "The first " (SHOWN_MAX) " are shown; search to see the others." }
        }
        @if found.is_empty() {
            p.empty { "No contract fits. " a href=(site.catalogue()) { "Show all of them" } "." }
        }
    };
    Page { title: "Contracts".to_owned(), main }
}

impl Search {
    fn finds(&self, card: &Card) -> bool {
        let text = format!("{} {} {}", card.name, card.summary, card.tags.join(" ")).to_lowercase();
        let words = self.words.to_lowercase();
        words.split_whitespace().all(|word| text.contains(word))
            && (self.tag.is_empty() || card.tags.contains(&self.tag))
    }
}

fn form(site: Site<'_>, search: &Search) -> Markup {
    html! {
        form.search role="search" action=(site.catalogue()) method="get" {
            label for="q" { "Search" }
            div.row {
                input #q type="search" name="q" value=(search.words) autocomplete="off" spellcheck="false"
                    placeholder="sign, timestamp, ethereum …";
                @if !search.tag.is_empty() { input type="hidden" name="tag" value=(search.tag); }
                button type="submit" { "Search" }
            }
        }
    }
}

fn tags(site: Site<'_>, cards: &[Card], search: &Search) -> Markup {
    let mut names: Vec<&str> = cards.iter().flat_map(|card| &card.tags).map(String::as_str).collect();
    names.sort_unstable();
    names.dedup();
    let current = |is_current: bool| is_current.then_some("true");
    let query = |tag: &str| {
        let words =
            if search.words.is_empty() { String::new() } else { format!("q={}&", encoded(&search.words)) };
        format!("{}?{words}tag={}", site.catalogue(), encoded(tag))
    };
    html! {
        nav.filter aria-label="Tags" {
            ul.tags {
                li { a.tag href=(query("")) aria-current=[current(search.tag.is_empty())] { "all" } }
                @for name in names {
                    li { a.tag href=(query(name)) aria-current=[current(search.tag == name)] { (name) } }
                }
            }
        }
    }
}

fn count(found: usize, all: usize) -> String {
    match (found, all) {
        (1, 1) => "1 contract".to_owned(),
        (found, all) if found == all => format!("{all} contracts"),
        (found, all) => format!("{found} of {all} contracts"),
    }
}

fn line(site: Site<'_>, card: &Card) -> Markup {
    let said = format!("{} {} {}", card.name, card.summary, card.tags.join(" ")).to_lowercase();
    html! {
        li.card data-said=(said) {
            a href=(site.sheet(&card.name)) { (card.name) }
            @if card.summary != card.name { p { (card.summary) "." } }
            ul.tags aria-label="Tags" { @for tag in &card.tags { li.tag { (tag) } } }
        }
    }
}
