//! Somebody who signed in and may not enter this app.

use super::{AuthorizationRequest, Person};
use crate::audit::{Event, Kind, Sparing, Subject};
use crate::base::fault::Fault;
use crate::login::Reason;
use crate::work::Work;
use std::time::Duration;

/// An app that looks for a session in the background asks again and again.
const WINDOW: Duration = Duration::from_mins(10);

/// Leaves a trace: once in a while for each person and client, for whoever asks why somebody cannot get in.
pub async fn note(work: &mut Work, request: &AuthorizationRequest, person: &Person) -> Result<(), Fault> {
    let user = person.session.user_id;
    let place = request.placed.as_ref();
    let about = serde_json::json!({
        "reason": Reason::NotAllowed, "client_id": request.client.client_id, "app": place.map(|placed| &placed.app.key), "stage": place.map(|placed| &placed.stage.key), "sid": person.session.id
    });
    let sparing = Sparing::new("not allowed", &format!("{user}\n{}", request.client.id), 1, WINDOW);
    work.record_sparingly(Event::new(Kind::SignInFailed, Subject::new("user", user)).after(&about)?, &[sparing]).await
}
