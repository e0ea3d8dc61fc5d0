//! The owner and the users of a file, what they hold and where they belong. The file vouches for their addresses (rule 6).

use super::access::Cause;
use super::file::{self, Entry, When};
use super::{Applying, Failure, Refused};
use crate::access::grant::{self, Given, Holder};
use crate::access::load::Who;
use crate::access::role::{self, organization};
use crate::base::fault::Fault;
use crate::base::id::AppId;
use crate::base::text::{Description, EmailAddress, Slug};
use crate::base::time::Period;
use crate::cli::nearest;
use crate::crypto::password::PasswordHash;
use crate::identity::group;
use crate::identity::user::{self, Profile, User, Vouched};

impl Applying<'_> {
    /// The owner holds Administrator directly, at the organization, without end (rule 2).
    pub(super) async fn owner(&mut self, file: &file::Owner, password: Option<&PasswordHash>) -> Result<(), Failure> {
        self.make_owner(file, password).await.map_err(|error| Failure::Entry { entry: "owner".to_owned(), error })
    }

    async fn make_owner(&mut self, file: &file::Owner, password: Option<&PasswordHash>) -> Result<(), Cause> {
        let password = self.first_password(&file.email, password).await?;
        let profile = Profile { name: Some(file.name.clone()), ..Profile::default() };
        let user = user::vouch(self.work, self.changing, &Vouched { email: file.email.clone(), profile, password }).await?;
        let administrator = Slug::parse(role::ADMINISTRATOR)?;
        self.give_organization(Who::User(user.id), &administrator, None, Period::ALWAYS, None).await
    }

    pub(super) async fn users(&mut self, files: &[file::User]) -> Result<(), Failure> {
        for file in files {
            self.user(file).await.map_err(|error| Failure::Entry { entry: file.entry(), error })?;
        }
        Ok(())
    }

    async fn user(&mut self, file: &file::User) -> Result<(), Cause> {
        let password = self.first_password(&file.email, file.password_hash.as_ref().map(|hash| &hash.0)).await?;
        let mut profile = file.profile.clone();
        profile.name = file.name.clone().or(profile.name);
        let user = user::vouch(self.work, self.changing, &Vouched { email: file.email.clone(), profile, password }).await?;
        for Entry(held) in &file.org_roles {
            self.hold(Who::User(user.id), held).await?;
        }
        for Entry(held) in &file.roles {
            let (app, role) = self.role(&held.app, &held.stage, &held.role).await??;
            self.give(Holder::User(user.id), &app, &role, period(held.starts_at, held.ends_at), reason(held.reason.as_ref())).await?;
        }
        for Entry(membership) in &file.groups {
            self.join(&user, membership).await?;
        }
        Ok(())
    }

    /// The password of a file is the first one: what a person chose since, or what a sign-in hashed anew, stays. Whoever has
    /// not proved the address yet loses every earlier way in (rule 6), so that the file's counts.
    async fn first_password(&mut self, email: &EmailAddress, given: Option<&PasswordHash>) -> Result<Option<PasswordHash>, Fault> {
        let known = user::sign_in(&mut self.work.tx, email).await?;
        let stays = known.is_some_and(|(user, password)| user.email_verified_at.is_some() && password.is_some());
        Ok(given.filter(|_| !stays).cloned())
    }

    /// Grants an organization role of the file.
    pub(super) async fn hold(&mut self, who: Who, held: &file::OrganizationGrant) -> Result<(), Cause> {
        let app = match &held.app {
            Some(key) => Some(self.app(key).await??.id),
            None => None,
        };
        self.give_organization(who, &held.role, app, period(held.starts_at, held.ends_at), reason(held.reason.as_ref())).await
    }

    /// Grants an organization role so that it is in force as the file says.
    async fn give_organization(&mut self, who: Who, key: &Slug, app: Option<AppId>, period: Period, reason: Option<&str>) -> Result<(), Cause> {
        let Some(role) = organization::by_key(&mut self.work.tx, key).await? else {
            let known = organization::all_of_them(&mut self.work.tx).await?;
            let near = nearest(key.as_str(), known.iter().map(|role| role.key.as_str()));
            return Err(Refused::OrganizationRole(key.clone(), near).into());
        };
        if grant::give_organization(self.work, self.changing, who, &role, app, period, reason).await? == Given::PeriodDiffers {
            grant::set_organization_period(self.work, self.changing, who, &role, app, period).await?;
        }
        Ok(())
    }

    async fn join(&mut self, user: &User, file: &file::Membership) -> Result<(), Cause> {
        let stage = self.stage(&file.stage).await??;
        let Some(group) = group::by_key(&mut self.work.tx, stage.id, &file.group).await? else {
            let known = group::keys(&mut self.work.tx, stage.id).await?;
            let near = nearest(file.group.as_str(), known.iter().map(Slug::as_str));
            return Err(Refused::Group(file.stage.clone(), file.group.clone(), near).into());
        };
        let period = period(file.starts_at, file.ends_at);
        if group::add_member(self.work, self.changing, &group, user, period, reason(file.reason.as_ref())).await? == Given::PeriodDiffers {
            group::set_member_period(self.work, self.changing, &group, user, period).await?;
        }
        Ok(())
    }
}

/// When something is in force.
pub(super) fn period(starts_at: Option<When>, ends_at: Option<When>) -> Period {
    Period { starts_at: starts_at.map(|when| when.0), ends_at: ends_at.map(|when| when.0) }
}

/// Why it is given; an empty text is none.
pub(super) fn reason(text: Option<&Description>) -> Option<&str> {
    text.map(Description::as_str).filter(|text| !text.is_empty())
}
