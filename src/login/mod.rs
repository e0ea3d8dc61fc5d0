//! Floor 4: signing in. Attempts (what comes next), sessions, passwords, and the brake on guessing.

pub mod attempt;
pub mod password;
pub mod session;
pub mod throttle;

crate::choice! {
    /// Why somebody was not let in, in one word for programs that read the audit trail. The person at the form hears one answer for all.
    pub enum Reason {
        /// Nobody has this address.
        UnknownAddress = "unknown_address",
        /// The password is not theirs.
        WrongPassword = "wrong_password",
        /// They have no password.
        NoPassword = "no_password",
        /// They never proved their address.
        NotProved = "address_not_proved",
        /// They are deactivated.
        Inactive = "inactive",
        /// Too many tries before.
        Throttled = "throttled",
        /// They hold no role in the app at this stage.
        NotAllowed = "not_allowed",
    }
}
