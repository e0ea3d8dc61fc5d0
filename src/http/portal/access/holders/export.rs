//! The reverse view as a file: people first, then API clients, then groups, each page by page.

use super::{MOST, View};
use crate::access::effective::Holdings;
use crate::access::explain::Labels;
use crate::access::load;
use crate::access::people::holders::{self, ClientRow, GroupRow};
use crate::access::people::{Cursor, From, Sort, Terms};
use crate::access::role::end_user::{self, EndUserRole};
use crate::base::fault::Fault;
use crate::base::id::ClientId;
use crate::base::time::{Period, Timestamp};
use crate::http::csv::{self, Csv, Pages};
use crate::http::portal::Portal;
use crate::server::Server;
use crate::word;
use actix_web::HttpResponse;
use actix_web::web::Data;

impl View {
    /// The whole list as a file: a row for each way of each person and API client, and one for each group.
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
        let pages = Export { server: portal.visit.server.clone(), view: self, at: Next::People(From::Start), many: None };
        // On the heap, as everything that several handlers await: their futures stay small.
        let asked = portal.visit.request.uri().to_string();
        let noted = Box::pin(portal.work(async |work| work.record_export("holders", &asked).await)).await;
        if let Err(fault) = noted {
            return portal.fault(&fault).await;
        }
        csv::stream(&portal.visit, name, head, pages).await
    }

    /// The lines of one holder.
    fn write(&self, csv: &mut Csv, who: [&str; 3], last: Option<Timestamp>, holdings: &Holdings, labels: &Labels) {
        let (ways, permissions) = self.told(holdings, labels);
        for way in ways {
            let group = way.group.as_ref().map_or("", |group| group.name.as_str());
            let chain: Vec<&str> = way.path.chain.iter().map(|step| step.permission.as_str()).collect();
            let gives = if chain.is_empty() { permissions.join(" ") } else { chain.join(" > ") };
            let place = way.app.clone().unwrap_or_else(|| self.words.say("at-organization"));
            let [from, until, by, given, reason] = conditions(way.path.period, way.terms.as_ref());
            csv.row([who[0], who[1], who[2], &way.role, &place, group, &gives, &from, &until, &by, &given, &reason, &instant(last)]);
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

/// Where the next page begins.
enum Next {
    /// People from here on.
    People(From),
    /// API clients after this one.
    Clients(Option<ClientRow>),
    /// Groups after this one.
    Groups(Option<GroupRow>),
    /// Nowhere: that was all.
    End,
}

/// A reverse view as an export.
struct Export {
    server: Data<Server>,
    view: View,
    at: Next,
    /// Whether there are many people; `None`: not counted yet.
    many: Option<bool>,
}

impl Export {
    async fn people(&mut self, from: &From) -> Result<Csv, Fault> {
        let view = &self.view;
        let mut tx = self.server.ground.db.read().await?;
        let many = match self.many {
            Some(many) => many,
            None => holders::are_many(holders::count(&mut tx, &view.holding, MOST + 1).await?),
        };
        self.many = Some(many);
        let rows = holders::list(&mut tx, &view.holding, from, load::STEP, many).await?;
        let more = rows.last().filter(|_| rows.len() == load::STEP).map(|last| From::After(Cursor::at(last, Sort::Name)));
        self.at = more.map_or(Next::Clients(None), Next::People);
        let batch = view.batch(&mut tx, rows).await?;
        drop(tx);
        let (mut csv, nothing) = (Csv::default(), Holdings::default());
        for row in &batch.rows {
            let who = [row.name.as_ref().map_or("", |name| name.as_str()), row.email.as_str(), row.status.as_str()];
            view.write(&mut csv, who, View::last(&batch, row), batch.holdings.get(&row.id).unwrap_or(&nothing), &batch.labels);
        }
        Ok(csv)
    }

    async fn clients(&mut self, after: Option<ClientRow>) -> Result<Csv, Fault> {
        let view = &self.view;
        let mut tx = self.server.ground.db.read().await?;
        let rows = view.client_rows(&mut tx, after.as_ref(), load::STEP).await?;
        let ids: Vec<ClientId> = rows.iter().map(|row| row.id).collect();
        let (holdings, labels) = (load::clients(&mut tx, &ids).await?, Labels::of_clients(&mut tx, &ids).await?);
        drop(tx);
        let (mut csv, nothing) = (Csv::default(), Holdings::default());
        for row in &rows {
            let state = if row.suspended_at.is_some() { "suspended" } else { "active" };
            let who = [row.name.as_str(), row.client_id.as_str(), state];
            view.write(&mut csv, who, None, holdings.get(&row.id).unwrap_or(&nothing), &labels);
        }
        self.at = if rows.len() == load::STEP { Next::Clients(rows.into_iter().next_back()) } else { Next::Groups(None) };
        Ok(csv)
    }

    async fn groups(&mut self, after: Option<GroupRow>) -> Result<Csv, Fault> {
        let (view, mut csv) = (&self.view, Csv::default());
        let Some(role) = view.role_of_groups().filter(|_| view.is_whole()) else { return Ok(csv) };
        let mut tx = self.server.ground.db.read().await?;
        let rows = holders::groups(&mut tx, role, after.as_ref(), load::STEP).await?;
        let role = end_user::by_id(&mut tx, role).await?;
        drop(tx);
        let Some(role) = role else { return Ok(csv) };
        for group in &rows {
            view.write_group(&mut csv, &role, group);
        }
        if rows.len() == load::STEP {
            self.at = Next::Groups(rows.into_iter().next_back());
        }
        Ok(csv)
    }
}

impl Pages for Export {
    async fn next(&mut self) -> Result<Option<Csv>, Fault> {
        match std::mem::replace(&mut self.at, Next::End) {
            Next::People(from) => self.people(&from).await.map(Some),
            Next::Clients(after) => self.clients(after).await.map(Some),
            Next::Groups(after) => self.groups(after).await.map(Some),
            Next::End => Ok(None),
        }
    }
}
