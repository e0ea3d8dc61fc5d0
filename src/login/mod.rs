//! Floor 4: signing in. Attempts (what comes next), sessions, passwords, and the brake on guessing.

pub mod attempt;
pub mod password;
pub mod session;
pub mod throttle;
