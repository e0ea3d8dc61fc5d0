//! A cookie jar with the rules that browsers follow (RFC 6265bis), `http://localhost` counted as trustworthy as browsers do.

use cookie::{Cookie, SameSite};
use std::time::{Duration, SystemTime};
use url::{Host, Url};

/// A request, as far as cookies care.
#[derive(Clone, Copy)]
pub struct Context {
    /// Whether it was begun by a page of another site.
    pub cross_site: bool,
    /// Whether it is GET: such a navigation carries `SameSite=Lax` cookies even across sites.
    pub safe_method: bool,
}

#[derive(Clone, Debug)]
struct Kept {
    name: String,
    value: String,
    host: String,
    subdomains: bool,
    path: String,
    secure: bool,
    same_site: SameSite,
    expires: Option<SystemTime>,
}

/// The cookies of one browser.
#[derive(Clone, Debug, Default)]
pub struct Jar(Vec<Kept>);

impl Jar {
    /// Takes a `Set-Cookie` header, or refuses it with the reason.
    pub fn take(&mut self, url: &Url, header: &str) -> Result<(), &'static str> {
        let cookie = Cookie::parse(header).map_err(|_| "malformed")?;
        let host = url.host_str().ok_or("no host")?;
        let secure = cookie.secure().unwrap_or(false);
        let domain = cookie.domain().map(|domain| domain.trim_start_matches('.').to_ascii_lowercase());
        let name = cookie.name().to_owned();
        // Browsers compare the prefixes without regard to case (RFC 6265bis section 4.1.3).
        let lower = name.to_ascii_lowercase();
        if secure && !is_trustworthy(url) {
            return Err("Secure over plain http");
        }
        if lower.starts_with("__secure-") && !secure {
            return Err("__Secure- without Secure");
        }
        if lower.starts_with("__host-") && !(secure && domain.is_none() && cookie.path() == Some("/")) {
            return Err("__Host- needs Secure, Path=/ and no Domain");
        }
        if let Some(domain) = &domain
            && !(host == domain || host.ends_with(&format!(".{domain}")))
        {
            return Err("a foreign Domain");
        }
        // Absent means Lax; None must be Secure.
        let same_site = cookie.same_site().unwrap_or(SameSite::Lax);
        if same_site == SameSite::None && !secure {
            return Err("SameSite=None without Secure");
        }
        let path = cookie.path().filter(|path| path.starts_with('/')).map_or_else(|| default_path(url), String::from);
        let now = SystemTime::now();
        // Max-Age wins over Expires.
        let expires = match (cookie.max_age(), cookie.expires_datetime()) {
            (Some(age), _) => Some(Duration::try_from(age).map_or(SystemTime::UNIX_EPOCH, |age| now + age)),
            (None, Some(date)) => Some(date.into()),
            (None, None) => None,
        };
        let kept = Kept {
            name,
            value: cookie.value().to_owned(),
            host: domain.clone().unwrap_or_else(|| host.to_owned()),
            subdomains: domain.is_some(),
            path,
            secure,
            same_site,
            expires,
        };
        self.0.retain(|old| (&old.name, &old.host, &old.path) != (&kept.name, &kept.host, &kept.path));
        if kept.expires.is_none_or(|at| at > now) {
            self.0.push(kept);
        }
        Ok(())
    }

    /// The `Cookie` header for a request; `None` when no cookie goes with it.
    pub fn header(&self, url: &Url, context: Context) -> Option<String> {
        let mut sent: Vec<&Kept> = self.0.iter().filter(|cookie| cookie.goes(url, context)).collect();
        // Longer paths first; the sort keeps the order of creation otherwise (RFC 6265bis section 5.8.3).
        sent.sort_by_key(|cookie| std::cmp::Reverse(cookie.path.len()));
        let pairs: Vec<String> = sent.iter().map(|cookie| format!("{}={}", cookie.name, cookie.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// The value of a live cookie.
    pub fn value(&self, name: &str) -> Option<&str> {
        let now = SystemTime::now();
        self.0.iter().find(|cookie| cookie.name == name && cookie.expires.is_none_or(|at| at > now)).map(|cookie| cookie.value.as_str())
    }

    /// Forgets a cookie, as a person can.
    pub fn remove(&mut self, name: &str) {
        self.0.retain(|cookie| cookie.name != name);
    }
}

impl Kept {
    fn goes(&self, url: &Url, context: Context) -> bool {
        let host = url.host_str().unwrap_or_default();
        let host_fits = host == self.host || (self.subdomains && host.ends_with(&format!(".{}", self.host)));
        let rest = url.path().strip_prefix(self.path.as_str());
        let path_fits = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/') || self.path.ends_with('/'));
        let site_fits = !context.cross_site
            || match self.same_site {
                SameSite::Strict => false,
                SameSite::Lax => context.safe_method,
                SameSite::None => true,
            };
        let alive = self.expires.is_none_or(|at| at > SystemTime::now());
        host_fits && path_fits && site_fits && alive && (!self.secure || is_trustworthy(url))
    }
}

/// Whether browsers treat the origin as potentially trustworthy: https, or this very machine.
pub fn is_trustworthy(url: &Url) -> bool {
    url.scheme() == "https"
        || match url.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        }
}

/// The folder of the request's path (RFC 6265bis section 5.1.4).
fn default_path(url: &Url) -> String {
    match url.path().rfind('/') {
        None | Some(0) => String::from("/"),
        Some(end) => url.path()[..end].to_owned(),
    }
}
