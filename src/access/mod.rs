//! Floor 4: who may do what, where, until when, and why. No other code computes access.

pub mod app;
pub mod catalogue;
pub mod effective;
pub mod permission;
pub mod stage;
