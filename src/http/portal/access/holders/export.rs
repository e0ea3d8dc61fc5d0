//! The reverse view as a file: people first, then API clients, then groups, each page by page.

use super::{Show, View};
use crate::access::effective::Holdings;
use crate::access::explain::Labels;
use crate::access::load;
use crate::access::people::holders::{self, ClientRow, GroupRow};
use crate::access::people::{Cursor, From, Sort, Terms};
use crate::access::role::end_user::{self, EndUserRole};
use crate::base::fault::Fault;
use crate::base::id::ClientId;
use crate::base::time::{Period, Timestamp};
use crate::http::csv::Csv;
use crate::http::portal::Portal;
use crate::http::portal::export::{Pages, STEP, after};
use crate::server::Server;
use crate::word;
use actix_web::HttpResponse;
use actix_web::web::Data;

impl View {
    /// The whole list as a file: a row for each way of each person and API client, with what it gives, and one for each group.
    pub async fn export(self, portal: &Portal, name: &str) -> HttpResponse {
        let head = [
            word!("name"),
            word!("email"),
            word!("status"),
            word!("who-role"),
            word!("who-where"),
            word!("who-through-group"),
            word!("account-permissions-title"),
            word!("who-from"),
            word!("until-when"),
            word!("who-given-by"),
            word!("who-given-on"),
            word!("who-reason"),
            word!("last-sign-in"),
        ];
        let head = head.iter().map(|key| self.words.say(key)).collect();
        let pages = Export { server: portal.visit.server.clone(), view: self, many: None };
        portal.export("holders", name, head, pages).await
    }

    /// The lines of one holder.
    fn write(&self, csv: &mut Csv, who: [&str; 3], last: Option<Timestamp>, holdings: &Holdings, labels: &Labels) {
        let told = self.told(holdings, labels);
        for (way, gives) in told.ways {
            let group = way.group.as_ref().map_or("", |group| group.name.as_str());
            let chain: Vec<&str> = way.path.chain.iter().map(|step| step.permission.as_str()).collect();
            let gives = if chain.is_empty() { gives.join(" ") } else { chain.join(" > ") };
            let place = way.app.clone().unwrap_or_else(|| self.words.say("at-organization"));
            let [from, until, by, given, reason] = conditions(way.path.period, way.terms.as_ref());
            csv.row([who[0], who[1], who[2], &way.role, &place, group, &gives, &from, &until, &by, &given, &reason, &instant(last)]);
        }
        if let (true, Show::Here(here)) = (told.open, &self.show) {
            let app = self.snapshot.placed(*here).map_or("", |(_, app, _)| app.name.as_str());
            csv.row([who[0], who[1], who[2], "", app, "", "", "", "", "", "", &self.words.say("who-open"), &instant(last)]);
        }
    }

    /// The line of a group that holds a role of an app: it has no address, and stands for itself.
    fn write_group(&self, csv: &mut Csv, role: &EndUserRole, group: &GroupRow) {
        let app = self.snapshot.placed(role.deployment_id).map_or("", |(_, app, _)| app.name.as_str());
        let [from, until, by, given, reason] = conditions(group.terms.period(), Some(&group.terms));
        let name = group.name.as_str();
        csv.row([name, "", "", role.name.as_str(), app, name, "", &from, &until, &by, &given, &reason, ""]);
    }
}

fn instant(at: Option<Timestamp>) -> String {
    at.map(Timestamp::rfc3339).unwrap_or_default()
}

/// From when and until when it is in force, who gave it, when, and why.
fn conditions(period: Period, terms: Option<&Terms>) -> [String; 5] {
    let by = terms.map(|terms| terms.granted_by_label.clone()).unwrap_or_default();
    let reason = terms.and_then(|terms| terms.reason.clone()).unwrap_or_default();
    [instant(period.starts_at), instant(period.ends_at), by, instant(terms.map(|terms| terms.granted_at)), reason]
}

/// Where a page begins.
enum Next {
    /// People from here on.
    People(From),
    /// API clients after this one.
    Clients(Option<ClientRow>),
    /// Groups after this one.
    Groups(Option<GroupRow>),
}

/// A reverse view as an export.
struct Export {
    server: Data<Server>,
    view: View,
    /// Whether there are many people; `None`: not counted yet.
    many: Option<bool>,
}

impl Export {
    async fn people(&mut self, from: &From, csv: &mut Csv) -> Result<Option<Next>, Fault> {
        let view = &self.view;
        let mut tx = self.server.ground.db.read().await?;
        let many = match self.many {
            Some(many) => many,
            None => holders::are_many(view.count(&mut tx).await?),
        };
        self.many = Some(many);
        let rows = view.people(&mut tx, from, STEP, many).await?;
        let next = after(&rows, |last| Cursor::at(last, Sort::Name)).map_or(Next::Clients(None), Next::People);
        let batch = view.batch(&mut tx, rows).await?;
        drop(tx);
        let nothing = Holdings::default();
        for row in &batch.rows {
            let who = [row.name.as_ref().map_or("", |name| name.as_str()), row.email.as_str(), row.status.as_str()];
            view.write(csv, who, View::last(&batch, row), batch.holdings.get(&row.id).unwrap_or(&nothing), &batch.labels);
        }
        Ok(Some(next))
    }

    async fn clients(&self, after: Option<ClientRow>, csv: &mut Csv) -> Result<Option<Next>, Fault> {
        let view = &self.view;
        let mut tx = self.server.ground.db.read().await?;
        let rows = view.client_rows(&mut tx, after.as_ref(), STEP).await?;
        let ids: Vec<ClientId> = rows.iter().map(|row| row.id).collect();
        let (holdings, labels) = (load::clients(&mut tx, &ids).await?, Labels::of_clients(&mut tx, &ids).await?);
        drop(tx);
        let nothing = Holdings::default();
        for row in &rows {
            let state = if row.suspended_at.is_some() { "suspended" } else { "active" };
            let who = [row.name.as_str(), row.client_id.as_str(), state];
            view.write(csv, who, None, holdings.get(&row.id).unwrap_or(&nothing), &labels);
        }
        Ok(Some(if rows.len() == STEP { Next::Clients(rows.into_iter().next_back()) } else { Next::Groups(None) }))
    }

    async fn groups(&self, after: Option<GroupRow>, csv: &mut Csv) -> Result<Option<Next>, Fault> {
        let view = &self.view;
        let Some(role) = view.role_of_groups().filter(|_| view.is_whole()) else { return Ok(None) };
        let mut tx = self.server.ground.db.read().await?;
        let rows = holders::groups(&mut tx, role, after.as_ref(), STEP).await?;
        let role = end_user::by_id(&mut tx, role).await?;
        drop(tx);
        let Some(role) = role else { return Ok(None) };
        for group in &rows {
            view.write_group(csv, &role, group);
        }
        Ok((rows.len() == STEP).then(|| Next::Groups(rows.into_iter().next_back())))
    }
}

impl Pages for Export {
    type Place = Next;
    const START: Next = Next::People(From::Start);

    async fn page(&mut self, at: Next, csv: &mut Csv) -> Result<Option<Next>, Fault> {
        match at {
            Next::People(from) => self.people(&from, csv).await,
            Next::Clients(after) => self.clients(after, csv).await,
            Next::Groups(after) => self.groups(after, csv).await,
        }
    }
}
