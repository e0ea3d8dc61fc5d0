//! The size of our claims in one token. Past the budget of the organization lists give way, in a fixed order; what gives way is absent,
//! never empty, and named as a distributed claim (OpenID Connect Core section 5.6.2).

use super::Claims;
use crate::base::budget::ClaimsBudget;
use serde_json::{Map, Value, json};

/// What gives way, in this order. Roles never do.
const GIVES_WAY: [&str; 3] = ["groups", "scoped_permissions", "permissions"];

/// The member of `_claim_sources` that names us.
const SOURCE: &str = "gatehouse";

/// Names the claims that are elsewhere.
pub(in crate::oauth) const NAMES: &str = "_claim_names";
const SOURCES: &str = "_claim_sources";

/// The size of our claims in one token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Size {
    /// All of them, in bytes of JSON.
    pub complete: usize,
    /// What a token carries of them.
    pub carried: usize,
    /// What it may carry.
    pub budget: usize,
    /// The lists that gave way.
    pub gave_way: Vec<&'static str>,
}

impl Size {
    /// Whether something gave way, or not even that was enough.
    pub const fn is_over(&self) -> bool {
        !self.gave_way.is_empty() || self.carried > self.budget
    }
}

/// How many bytes these claims are as JSON.
pub fn bytes(claims: &Claims) -> usize {
    serde_json::to_string(claims).map_or(0, |json| json.len())
}

/// Lets lists give way until the rest, with the pointer to where they are, stays within the budget. `endpoint`: where they are.
pub(super) fn fit(claims: &mut Claims, budget: ClaimsBudget, endpoint: &str) -> Size {
    let complete = bytes(claims);
    let mut gave_way = Vec::new();
    for name in GIVES_WAY {
        if bytes(claims) <= budget.bytes() {
            break;
        }
        // An empty list has nothing to give.
        if claims.get(name).is_some_and(|value| !is_empty(value)) {
            claims.remove(name);
            gave_way.push(name);
            let names: Map<String, Value> = gave_way.iter().map(|name| ((*name).to_owned(), json!(SOURCE))).collect();
            claims.insert(NAMES.into(), Value::Object(names));
            claims.insert(SOURCES.into(), json!({ SOURCE: { "endpoint": endpoint } }));
        }
    }
    Size { complete, carried: bytes(claims), budget: budget.bytes(), gave_way }
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Array(list) => list.is_empty(),
        Value::Object(members) => members.values().all(is_empty),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENDPOINT: &str = "https://id.acme.example/oauth2/claims";

    fn claims(groups: usize, permissions: usize) -> Claims {
        let list = |count: usize| (0..count).map(|n| format!("thing-number-{n:03}")).collect::<Vec<_>>();
        let scoped = json!({ "everywhere": list(3), "stages": {}, "apps": {} });
        let Value::Object(claims) = json!({
            "roles": list(20), "org_roles": [], "permissions": list(permissions), "groups": list(groups), "scoped_permissions": scoped, "ver": 1,
        }) else {
            unreachable!("an object")
        };
        claims
    }

    #[test]
    fn what_fits_stays_as_it_is() {
        let (before, mut after) = (claims(2, 3), claims(2, 3));
        let size = fit(&mut after, ClaimsBudget::STANDARD, ENDPOINT);
        assert_eq!((&after, size.is_over(), size.complete, size.carried), (&before, false, bytes(&before), bytes(&before)));
    }

    #[test]
    fn lists_give_way_in_their_order_and_roles_never() {
        let budget = ClaimsBudget::new(1_000).unwrap();
        // So many permissions that they just fit when they stand in one place only.
        let just = (4..60).find(|count| fit(&mut claims(60, *count), budget, ENDPOINT).gave_way == ["groups", "scoped_permissions"]).unwrap();
        for (groups, permissions, gone) in [
            (60, 3, &["groups"][..]),
            (60, just, &["groups", "scoped_permissions"]),
            (60, 60, &["groups", "scoped_permissions", "permissions"]),
            // Nothing to give: the next one does.
            (0, 60, &["scoped_permissions", "permissions"]),
        ] {
            let mut fitted = claims(groups, permissions);
            let size = fit(&mut fitted, budget, ENDPOINT);
            assert_eq!(size.gave_way, gone, "{groups} {permissions}");
            assert!(size.carried <= 1_000 && size.carried == bytes(&fitted) && size.complete > 1_000, "{size:?}");
            let names: Vec<&str> = fitted[NAMES].as_object().unwrap().keys().map(String::as_str).collect();
            let mut sorted = gone.to_vec();
            sorted.sort_unstable();
            assert_eq!(names, sorted);
            assert_eq!(fitted[SOURCES], json!({ "gatehouse": { "endpoint": ENDPOINT } }));
            assert!(gone.iter().all(|name| !fitted.contains_key(*name)), "absent, never empty");
            assert_eq!(fitted["roles"].as_array().unwrap().len(), 20);
        }
        // Roles alone are too much: they stay, and it shows.
        let mut fitted = claims(0, 0);
        let size = fit(&mut fitted, ClaimsBudget::new(512).unwrap(), ENDPOINT);
        assert!(size.is_over() || size.carried <= 512, "{size:?}");
        let mut many = claims(0, 0);
        many.insert("roles".into(), json!((0..100).map(|n| format!("role-{n}")).collect::<Vec<_>>()));
        let size = fit(&mut many, ClaimsBudget::new(512).unwrap(), ENDPOINT);
        assert!(size.is_over() && many["roles"].as_array().unwrap().len() == 100 && size.carried > 512);
    }
}
