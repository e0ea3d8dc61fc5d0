//! The first phase has the writer for a moment; the second, which takes its time, never does.

use super::*;
use crate::identity::user::{self, Profile, Vouched};
use crate::lifecycle::tests::email;
use std::cell::RefCell;
use tokio::sync::Notify;

const PEOPLE: usize = 400;

/// Many members of the group, made in one work.
async fn crowd(world: &World) {
    let join = async |work: &mut Work| {
        let changing = begin_change(work).await?;
        for number in 0..PEOPLE {
            let vouched = Vouched { email: email(&format!("member{number}@acme.example")), profile: Profile::default(), password: None };
            let who = user::vouch(work, &changing, &vouched).await.unwrap();
            group::add_member(work, &changing, &world.desk, &who, Period::ALWAYS, None).await.unwrap();
        }
        Ok::<_, Fault>(())
    };
    world.act(&system(), join).await.unwrap();
}

#[tokio::test]
async fn others_write_while_it_compares() {
    let world = World::new().await;
    crowd(&world).await;
    // One person after another, and a rest after each, because not all can be named.
    let previews = Previews::new(1, Limits { named: 10, batch: 1, time: Duration::from_mins(10), ..Limits::STANDARD });
    let (rehearsed, order) = (Notify::new(), RefCell::new(Vec::new()));
    let ask = async {
        let rule = async |work: &mut Work| {
            let done = loses_role(work, &world).await;
            rehearsed.notify_one();
            done
        };
        let told = seen(ask_as(&world, &previews, &[], rule).await.unwrap());
        order.borrow_mut().push("told");
        told
    };
    // Waits for the writer, which the rehearsal has, and so begins with the second phase.
    let write = async {
        rehearsed.notified().await;
        world.join("zoe@acme.example").await;
        order.borrow_mut().push("written");
    };
    let both = async { tokio::join!(ask, write) };
    let (told, ()) = Box::pin(tokio::time::timeout(Duration::from_mins(5), both)).await.expect("neither waits for the other for ever");
    assert_eq!(*order.borrow(), ["written", "told"], "the write waited for the end of the preview");
    let people = PEOPLE as u64;
    assert_eq!((told.compared, told.lose, told.people.len(), told.unnamed, told.stopped), (people, people, 10, people - 10, None));
}
