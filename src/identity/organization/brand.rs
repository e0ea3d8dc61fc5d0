//! How our pages look: the accent colour and the logo of the organization.

use crate::actor::Denied;
use crate::audit::{Event, Kind, Subject};
use crate::base::colour::Accent;
use crate::base::fault::Fault;
use crate::base::picture::{Picture, PictureType};
use crate::base::reach::Reach;
use crate::db::{Tx, execute, one, optional};
use crate::work::{Changing, Work};
use aws_lc_rs::digest::{Context, SHA256};
use serde::Serialize;
use std::fmt::Write;

/// The look, without the bytes of the logo.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Brand {
    /// The accent; `None`: the standard one.
    pub accent: Option<Accent>,
    /// The format of the logo; `None`: there is none.
    pub logo: Option<PictureType>,
    /// What accent and logo are, in a few letters: the addresses of both have it, so browsers may keep them for ever.
    pub fingerprint: String,
    /// The ETag.
    pub version: i64,
}

/// What of the look changes.
#[derive(Debug)]
pub enum Change<'a> {
    /// The accent; `None`: back to the standard one.
    Accent(Option<Accent>),
    /// The logo; `None`: no logo any more.
    Logo(Option<&'a Picture>),
    /// Both, back to the standard.
    Reset,
}

/// Why the look could not be changed.
#[derive(Debug, thiserror::Error)]
pub enum BrandError {
    /// Not allowed.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Somebody else changed it since the reader saw it.
    #[error("the look was changed by somebody else meanwhile")]
    Overtaken,
    /// Unexpected.
    #[error(transparent)]
    Fault(#[from] Fault),
}

/// The look as it is now. A stored colour that is none any more counts as the standard one.
pub async fn load(tx: &mut Tx) -> Result<Brand, Fault> {
    let (accent, logo, fingerprint, version) =
        one!(tx, (Option<String>, Option<PictureType>, String, i64), "SELECT accent, logo_type, fingerprint, version FROM brand WHERE singleton = 1")?;
    Ok(Brand { accent: accent.and_then(|accent| Accent::parse(&accent).ok()), logo, fingerprint, version })
}

/// The logo with this fingerprint.
pub async fn logo(tx: &mut Tx, fingerprint: &str) -> Result<Option<(PictureType, Vec<u8>)>, Fault> {
    let sql = "SELECT logo_type, logo FROM brand WHERE singleton = 1 AND fingerprint = $1 AND logo IS NOT NULL AND logo_type IS NOT NULL";
    Ok(optional!(tx, (PictureType, Vec<u8>), sql, fingerprint)?)
}

/// Changes the look. The reader saw `version`; what somebody else chose meanwhile is not overwritten unseen.
pub async fn change(work: &mut Work, _: &Changing, version: i64, change: &Change<'_>) -> Result<Brand, BrandError> {
    work.require("organization.manage", Reach::Organization)?;
    let before = load(&mut work.tx).await?;
    if before.version != version {
        return Err(BrandError::Overtaken);
    }
    let stored = logo(&mut work.tx, &before.fingerprint).await?;
    let kept = stored.as_ref().map(|(kind, bytes)| (*kind, bytes.as_slice()));
    let (accent, picture) = match change {
        Change::Accent(accent) => (*accent, kept),
        Change::Logo(picture) => (before.accent, picture.map(|picture| (picture.kind(), picture.bytes()))),
        Change::Reset => (None, None),
    };
    let after = Brand { accent, logo: picture.map(|(kind, _)| kind), fingerprint: fingerprint(accent, picture), version: version + 1 };
    if after.fingerprint == before.fingerprint {
        return Ok(before);
    }
    execute!(
        work.tx,
        "UPDATE brand SET accent = $1, logo = $2, logo_type = $3, fingerprint = $4, version = version + 1 WHERE singleton = 1",
        after.accent.map(|accent| accent.to_string()),
        picture.map(|(_, bytes)| bytes),
        after.logo,
        after.fingerprint.as_str()
    )
    .map_err(Fault::from)?;
    execute!(work.tx, "UPDATE configuration SET counter = counter + 1 WHERE id = 1").map_err(Fault::from)?;
    work.record(Event::new(Kind::BrandChanged, Subject::new("brand", "1")).before(&before)?.after(&after)?).await?;
    Ok(after)
}

/// The same accent and logo have the same fingerprint, wherever they are stored. The standard look has none.
fn fingerprint(accent: Option<Accent>, logo: Option<(PictureType, &[u8])>) -> String {
    let mut out = String::new();
    if accent.is_none() && logo.is_none() {
        return out;
    }
    let mut context = Context::new(&SHA256);
    context.update(accent.map(|accent| accent.to_string()).unwrap_or_default().as_bytes());
    if let Some((kind, bytes)) = logo {
        context.update(kind.as_str().as_bytes());
        context.update(bytes);
    }
    for byte in &context.finish().as_ref()[..8] {
        let _ = write!(out, "{byte:02x}"); // writing to a String cannot fail
    }
    out
}
