//! Floor 3: mail. What we write, and how it leaves.

pub mod mailbox;
pub mod messages;
pub mod post;
pub mod settings;
pub mod transport;
