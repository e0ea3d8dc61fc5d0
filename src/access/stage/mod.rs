//! Stages: the ordered environments of an organization.

crate::choice! {
    /// What a stage is for.
    pub enum Purpose {
        /// Where apps are built.
        Development = "development",
        /// Where apps are tried.
        NonProduction = "non_production",
        /// Where apps are used.
        Production = "production",
    }
}
