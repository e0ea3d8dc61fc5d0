//! Floor 4: who may do what, where, until when, and why. No other code computes access.

pub mod administrators;
pub mod app;
pub mod catalogue;
pub mod change;
pub mod effective;
pub mod explain;
pub mod grant;
pub mod guard;
pub mod load;
pub mod people;
pub mod permission;
pub mod preview;
pub mod role;
pub mod stage;

pub use change::begin_change;
