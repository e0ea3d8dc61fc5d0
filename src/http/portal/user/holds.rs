//! What somebody holds, kind by kind: the first of it for their page, and a page with all of it.

use super::rows::Item;
use super::subject;
use crate::access::people::{Held, Sight};
use crate::base::id::UserId;
use crate::http::listing::Listing;
use crate::http::paths;
use crate::http::portal::Portal;
use crate::http::portal::holds::{All, FIRST, HoldsPage, Rows, asked, orders};
use crate::http::portal::shell::Section;
use crate::http::visit::Visit;
use crate::word;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;

/// What people hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Roles of the organization.
    Roles,
    /// Roles of apps, directly or through groups.
    AppRoles,
    /// Groups.
    Groups,
}

impl Kind {
    fn read(text: &str) -> Option<Self> {
        [Self::Roles, Self::AppRoles, Self::Groups].into_iter().find(|kind| kind.name() == text)
    }

    /// As addresses name it.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Roles => "roles",
            Self::AppRoles => "app-roles",
            Self::Groups => "groups",
        }
    }

    /// The key of what the link to all of it says.
    const fn all(self) -> &'static str {
        match self {
            Self::Roles => word!("see-all-organization-roles"),
            Self::AppRoles => word!("see-all-app-roles"),
            Self::Groups => word!("see-all-groups"),
        }
    }

    /// The keys of its title, of a number of it, and of what is said when there is none.
    const fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Roles => (word!("organization-roles"), word!("app-roles-count"), word!("no-organization-roles")),
            Self::AppRoles => (word!("app-roles"), word!("app-roles-count"), word!("no-app-roles")),
            Self::Groups => (word!("groups"), word!("groups-count"), word!("no-groups")),
        }
    }
}

/// The first of what somebody holds of one kind.
pub(super) fn first(portal: &Portal, user: UserId, kind: Kind, held: &Held, sight: &Sight) -> Rows {
    let items = Item::all(kind, held, sight);
    let all = All::of(portal.words, kind.all(), items.len(), paths::user_holds(user, kind.name()));
    Rows { rows: items.iter().take(FIRST).map(|item| item.row(portal, user)).collect(), all }
}

/// `GET /portal/users/{id}/holds/{kind}`.
pub async fn show_holds(visit: Visit, at: Path<(String, String)>) -> HttpResponse {
    let portal = match Portal::enter(visit, crate::http::portal::users::NEEDS).await {
        Ok(portal) => portal,
        Err(answer) => return answer,
    };
    let (user, held, sight) = match subject(&portal, &at.0).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let Some(kind) = Kind::read(&at.1) else { return portal.missing().await };
    let words = portal.words;
    let list = Listing::read(&paths::user_holds(user.id, kind.name()), portal.visit.request.query_string());
    let (items, total, pager) = asked(&list, Item::all(kind, &held, &sight), portal.person.now);
    let (title, count, empty) = kind.words();
    let page = HoldsPage {
        shell: portal.shell(Section::Users).await,
        home: (paths::USERS, words.say("portal-users")),
        back: paths::user(user.id),
        label: user.label().to_owned(),
        title: words.say(title),
        total: words.counted(count, "count", total as u64),
        filters: orders(words, &list),
        section: Rows { rows: items.iter().map(|item| item.row(&portal, user.id).in_list(&list)).collect(), all: None },
        list,
        empty: words.say(empty),
        pager,
    };
    Portal::page(StatusCode::OK, &page)
}
