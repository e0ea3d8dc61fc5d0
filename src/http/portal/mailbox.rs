//! `/portal/mailbox`: the letters that stay here as long as no mail server is in use. They let people in, so only Administrators read
//! them, and reading one leaves a trace.

use super::Portal;
use super::shell::{Section, Shell};
use super::users::Choices;
use crate::base::fault::Fault;
use crate::http::journey::see_other;
use crate::http::listing::{Listing, Pager};
use crate::http::paths;
use crate::http::visit::Visit;
use crate::mail::mailbox::{self, Arrived, ReadError};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use askama::Template;

/// The list.
#[derive(Template)]
#[template(path = "portal/mailbox.html")]
pub struct MailboxPage {
    /// The layout.
    pub shell: Shell,
    /// The list as its address describes it.
    pub list: Listing,
    /// How many there are.
    pub total: String,
    /// No filters but the search.
    pub filters: Vec<Choices>,
    /// The rows of this page.
    pub rows: Vec<LetterRow>,
    /// The other pages.
    pub pager: Pager,
}

/// One letter of the list.
pub struct LetterRow {
    /// Its page.
    pub link: String,
    /// The subject line.
    pub subject: String,
    /// Who gets it.
    pub to: String,
    /// When it came.
    pub when: String,
}

/// One letter.
#[derive(Template)]
#[template(path = "portal/letter.html")]
pub struct LetterPage {
    /// The layout.
    pub shell: Shell,
    /// The subject line.
    pub subject: String,
    /// Who gets it.
    pub to: String,
    /// When it came.
    pub when: String,
    /// The text, cut where a link of ours begins and ends.
    pub parts: Vec<Part>,
}

/// A piece of a letter's text.
#[derive(Debug, PartialEq, Eq)]
pub struct Part {
    /// What it says.
    pub text: String,
    /// Whether it is a link to ourselves, that may be followed.
    pub is_link: bool,
}

/// The text with links to ourselves set apart. Nothing else in a letter is made a link: it may hold what somebody else typed.
fn parts(text: &str, issuer: &str) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    let mut add = |text: &str, is_link: bool| match parts.last_mut() {
        Some(last) if !is_link && !last.is_link => last.text.push_str(text),
        _ if text.is_empty() => {}
        _ => parts.push(Part { text: text.to_owned(), is_link }),
    };
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        let link = bare.trim_end_matches(['.', ',', ';', ':', ')']);
        let ours = link.strip_prefix(issuer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        let plain = link.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '@'));
        if ours && plain {
            add(link, true);
            add(&word[link.len()..], false);
        } else {
            add(word, false);
        }
    }
    parts
}

/// An Administrator, as long as letters stay here. Otherwise the settings say where they go.
async fn enter(visit: Visit) -> Result<Portal, HttpResponse> {
    let portal = Portal::enter(visit, &[]).await?;
    portal.require_all().await?;
    let kept = async {
        let mut tx = portal.visit.server.ground.db.read().await?;
        portal.visit.server.post.keeps_letters(&mut tx).await
    };
    match kept.await {
        Ok(true) => Ok(portal),
        Ok(false) => Err(see_other(paths::SETTINGS_MAIL)),
        Err(fault) => Err(portal.fault(&fault).await),
    }
}

/// `GET /portal/mailbox`.
pub async fn show(visit: Visit) -> HttpResponse {
    let portal = match enter(visit).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    match page(&portal).await {
        Ok(page) => Portal::page(StatusCode::OK, &page),
        Err(fault) => portal.fault(&fault).await,
    }
}

async fn page(portal: &Portal) -> Result<MailboxPage, Fault> {
    let words = portal.words;
    let list = Listing::of(&portal.visit);
    let mut tx = portal.visit.server.ground.db.read().await?;
    let found = mailbox::headings(&mut tx, &list.search()).await?;
    drop(tx);
    let total = words.counted("mailbox-total", "count", found.len() as u64);
    let (rows, pager) = list.cut(found);
    let row = |letter: mailbox::Heading| LetterRow {
        link: paths::letter(letter.id),
        subject: letter.subject,
        to: letter.recipient,
        when: words.ago(letter.arrived_at, portal.person.now),
    };
    let shell = portal.shell(Section::Mailbox).await;
    Ok(MailboxPage { shell, list, total, filters: Vec::new(), rows: rows.into_iter().map(row).collect(), pager })
}

/// `GET /portal/mailbox/{id}`.
pub async fn letter(visit: Visit, id: Path<String>) -> HttpResponse {
    let portal = match enter(visit).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let Ok(id) = id.parse() else { return portal.missing().await };
    match portal.work(async |work| mailbox::read(work, id).await).await {
        Ok(Arrived { letter, arrived_at, .. }) => {
            let page = LetterPage {
                subject: letter.subject,
                to: letter.to.to_string(),
                when: portal.words.minute(arrived_at),
                parts: parts(&letter.text, portal.visit.server.issuer()),
                shell: portal.shell(Section::Mailbox).await,
            };
            Portal::page(StatusCode::OK, &page)
        }
        Err(ReadError::Unknown) => portal.missing().await,
        Err(ReadError::Denied(denied)) => portal.refused(&denied).await,
        Err(ReadError::Fault(fault)) => portal.fault(&fault).await,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_links_to_ourselves_can_be_followed() {
        let text = "Hello\nhttps://id.acme.example/invitations/t0k,\nor https://evil.example/ or https://id.acme.example.evil.example/x or\nhttps://id.acme.example@evil.example/ (https://id.acme.example).";
        let parts = parts(text, "https://id.acme.example");
        let links: Vec<&str> = parts.iter().filter(|part| part.is_link).map(|part| part.text.as_str()).collect();
        assert_eq!(links, ["https://id.acme.example/invitations/t0k"]);
        assert_eq!(parts.iter().map(|part| part.text.as_str()).collect::<String>(), text, "nothing is lost");
        assert_eq!(super::parts("", "https://id.acme.example"), []);
    }
}
