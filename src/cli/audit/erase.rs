//! `gatehouse audit erase`: what the record holds about a person goes for good; the chain stays whole.

use crate::actor::Actor;
use crate::audit;
use crate::base::id::UserId;
use crate::base::text::EmailAddress;
use crate::cli::Failure;
use crate::identity::user;
use crate::server::Server;
use crate::work::Origin;
use std::io::Write;

/// Erases and says how much.
pub async fn erase(server: &Server, who: &str, out: &mut impl Write) -> Result<(), Failure> {
    let ground = &server.ground;
    let mut tx = ground.db.read().await?;
    let mut people = Vec::new();
    if let Ok(id) = who.parse::<UserId>() {
        people.push(id);
    } else if let Ok(address) = EmailAddress::parse(who) {
        people.extend(user::by_email(&mut tx, &address).await?.map(|user| user.id));
        people.extend(audit::who_had(&mut tx, address.as_str()).await?);
    }
    people.sort_unstable();
    people.dedup();
    let mut traces = Vec::new();
    for id in people {
        let now = user::by_id(&mut tx, id).await?.map(|user| user.email.to_string());
        let found = audit::traces(&mut tx, id, now.as_deref(), ground.clock.now()).await?;
        if !found.is_empty(&mut tx).await? {
            traces.push(found);
        }
    }
    drop(tx);
    if traces.is_empty() {
        return Err(Failure::NoTrace(who.to_owned()));
    }
    let erased = ground
        .work(&Actor::System { label: "audit erase" }, &Origin::default(), async |work| {
            let mut erased = 0;
            for traces in &traces {
                erased += audit::erase(work, traces).await?;
            }
            Ok::<_, audit::EraseError>(erased)
        })
        .await?;
    writeln!(out, "Erased the payloads of {erased} events. The chain still covers them: gatehouse audit verify")?;
    Ok(())
}
