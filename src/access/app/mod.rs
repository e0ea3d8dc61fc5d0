//! Apps and their deployments.

crate::choice! {
    /// Who may sign in to a deployment.
    pub enum SignIn {
        /// Whoever holds an end-user role here, directly, through a group, or as a shared role listed here.
        Assigned = "assigned",
        /// Every active user.
        Everyone = "everyone",
    }
}
