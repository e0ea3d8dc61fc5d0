//! What an inviter may know of addresses before anything happens to them: the answers for somebody whom they may not see are those for
//! somebody who is not here (rule 8).

use super::Foresight;
use crate::access::catalogue::Catalogue;
use crate::access::people;
use crate::base::authority::Authority;
use crate::base::fault::Fault;
use crate::base::id::UserId;
use crate::base::text::EmailAddress;
use crate::base::time::Timestamp;
use crate::db::Tx;
use crate::identity::user::{self, Status};
use crate::lifecycle::invitation::list;
use std::collections::HashMap;

/// An address of which something may be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Known {
    /// Inviting it would do this.
    Will(Foresight),
    /// The person was shut out.
    ShutOut,
}

/// Whom an inviter may see.
#[derive(Debug)]
pub(super) struct Sights {
    people: people::Sight,
    invitations: list::Sight,
}

impl Sights {
    pub(super) fn of(authority: &Authority, catalogue: &Catalogue) -> Self {
        Self { people: people::Sight::of(authority, catalogue), invitations: list::Sight::of(authority, catalogue) }
    }

    /// What is known of these addresses, by their keys: three queries, however many there are. Of whom nothing is known, there is nothing.
    pub(super) async fn look(&self, tx: &mut Tx, emails: &[&EmailAddress], now: Timestamp) -> Result<HashMap<String, Known>, Fault> {
        let users = user::by_emails(tx, emails).await?;
        let ids = |wanted: fn(&user::User) -> bool| users.iter().filter(|user| wanted(user)).map(|user| user.id).collect::<Vec<UserId>>();
        let seen = people::seen_of(tx, &self.people, &ids(|user| user.counts() || user.status == Status::Inactive)).await?;
        let invited = list::invited(tx, &self.invitations, &ids(|user| !user.counts() && user.status != Status::Inactive), now).await?;
        let known = |user: &user::User| match user.status {
            Status::Inactive if seen.contains(&user.id) => Some(Known::ShutOut),
            _ if seen.contains(&user.id) => Some(Known::Will(Foresight::Give)),
            _ if invited.contains(&user.id) => Some(Known::Will(Foresight::Add)),
            _ => None,
        };
        Ok(users.iter().filter_map(|user| Some((user.email.key().to_owned(), known(user)?))).collect())
    }
}
