//! Floor 4, lowest: the organization, its users and its groups.

pub mod group;
pub mod organization;
pub mod user;
