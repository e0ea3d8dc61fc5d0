//! Floor 1: values. No async, no I/O; parsed once, true ever after.

pub mod authority;
pub mod budget;
pub mod choice;
pub mod colour;
pub mod fault;
pub mod id;
pub mod picture;
pub mod policy;
pub mod reach;
pub mod secret;
pub mod text;
pub mod time;
