//! What can be asked about at a place, what of it a reader may ask, and what is like a mistyped name.

use super::What;
use crate::access::catalogue::Catalogue;
use crate::access::effective::Place;
use crate::access::people::Sight;
use crate::base::text::Verb;

/// Every key that could have been asked about here, of its kind.
pub fn known<'a>(catalogue: &'a Catalogue, place: Place, what: &What) -> Vec<&'a str> {
    let here = match place {
        Place::Organization => None,
        Place::Deployment(id) => Some(id),
    };
    match what {
        What::Permission(_) => {
            let verbs = here.map(|id| catalogue.verbs_of(id)).unwrap_or_default();
            let platform = catalogue.platform_permissions().iter().map(|permission| permission.key.as_str());
            verbs.iter().map(Verb::as_str).chain(platform).collect()
        }
        What::Role(_) => {
            let own = here.into_iter().flat_map(|id| catalogue.end_user_roles_of(id)).map(|role| role.key.as_str());
            own.chain(here.into_iter().flat_map(|id| catalogue.listed_roles_of(id)).map(|(claim, _)| claim)).collect()
        }
        What::OrganizationRole(_) => catalogue.organization_roles().map(|role| role.key.as_str()).collect(),
    }
}

/// Those of them that this reader may ask about.
pub fn known_to<'a>(catalogue: &'a Catalogue, sight: &Sight, place: Place, what: &What) -> Vec<&'a str> {
    let mut known = known(catalogue, place, what);
    known.retain(|key| may_ask(catalogue, sight, place, &what.called((*key).to_owned())));
    known
}

/// Whether a reader may ask this here (rule 8): an answer of no tells as much as one of yes.
pub fn may_ask(catalogue: &Catalogue, sight: &Sight, place: Place, what: &What) -> bool {
    match (what, place) {
        _ if what.is_of_organization() => sight.everybody || sight.members,
        (What::Role(claim), Place::Deployment(here)) => {
            let listed = catalogue.listed_roles_of(here).find(|(name, _)| name == claim);
            sight.sees(listed.map_or(here, |(_, role)| role.deployment))
        }
        (_, Place::Deployment(here)) => sight.sees(here),
        (_, Place::Organization) => true,
    }
}

/// The keys that are most alike, if any is alike at all.
pub fn near<'a>(key: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut alike: Vec<(f64, &str)> = known.into_iter().map(|other| (strsim::jaro_winkler(key, other), other)).filter(|(alike, _)| *alike > 0.75).collect();
    alike.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    alike.into_iter().take(3).map(|(_, other)| other.to_owned()).collect()
}
