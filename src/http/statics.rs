//! Our own style sheet, scripts and icons, embedded in the binary. Each has its content's hash in its URL, so it may be kept for ever.

use actix_web::http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use actix_web::web::{Bytes, Path};
use actix_web::{HttpResponse, HttpResponseBuilder, http::StatusCode};
use rust_embed::RustEmbed;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::LazyLock;

/// The route under which [`serve`] answers.
pub const ROUTE: &str = "/static/{hash}/{name}";

#[derive(RustEmbed)]
#[folder = "static/"]
struct Embedded;

struct Static {
    hash: String,
    url: String,
    content_type: String,
    content: Bytes,
}

/// Read once: a URL and the content behind it stay together, also where the embedded files are read from the disk (debug builds).
static FILES: LazyLock<BTreeMap<String, Static>> = LazyLock::new(|| {
    let read = |name: std::borrow::Cow<'static, str>| {
        let file = Embedded::get(&name)?;
        let mut hash = String::with_capacity(16);
        for byte in &file.metadata.sha256_hash()[..8] {
            let _ = write!(hash, "{byte:02x}"); // writing to a String cannot fail
        }
        let kind = file.metadata.mimetype();
        let text = kind.starts_with("text/") || kind == "image/svg+xml";
        let content_type = if text { format!("{kind}; charset=utf-8") } else { kind.to_owned() };
        let entry = Static { url: format!("/static/{hash}/{name}"), hash, content_type, content: Bytes::from(file.data.into_owned()) };
        Some((name.into_owned(), entry))
    };
    Embedded::iter().filter_map(read).collect()
});

/// The URL of a static file. A name that does not exist leads to a URL that answers 404; a test looks at every name that templates use.
pub fn url(name: &str) -> &'static str {
    FILES.get(name).map_or("/static/none/none", |file| &file.url)
}

/// `GET /static/{hash}/{name}`: the file, if the hash is that of its content.
pub async fn serve(path: Path<(String, String)>) -> HttpResponse {
    let (hash, name) = path.into_inner();
    let answer = |status| {
        let mut answer = HttpResponseBuilder::new(status);
        answer.insert_header((X_CONTENT_TYPE_OPTIONS, "nosniff"));
        answer
    };
    match FILES.get(&name).filter(|file| file.hash == hash) {
        Some(file) => answer(StatusCode::OK)
            .insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"))
            .content_type(file.content_type.as_str())
            .body(file.content.clone()),
        None => answer(StatusCode::NOT_FOUND).insert_header((CACHE_CONTROL, "no-store")).finish(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{App, body::to_bytes, dev::ServiceResponse, test, web};

    async fn get(url: &str) -> ServiceResponse {
        let app = test::init_service(App::new().route(ROUTE, web::get().to(serve))).await;
        test::call_service(&app, test::TestRequest::get().uri(url).to_request()).await
    }

    fn header<'a>(response: &'a ServiceResponse, name: &str) -> &'a str {
        response.headers().get(name).map_or("", |value| value.to_str().unwrap())
    }

    #[actix_web::test]
    async fn files_are_kept_for_ever_under_the_hash_of_their_content() {
        for (name, kind) in
            [("gatehouse.css", "text/css; charset=utf-8"), ("continue.js", "text/javascript; charset=utf-8"), ("icon.svg", "image/svg+xml; charset=utf-8")]
        {
            let response = get(url(name)).await;
            assert_eq!(response.status(), StatusCode::OK, "{name}");
            assert_eq!(header(&response, "cache-control"), "public, max-age=31536000, immutable");
            assert_eq!(header(&response, "content-type"), kind);
            assert_eq!(header(&response, "x-content-type-options"), "nosniff");
            let on_disk = std::fs::read(format!("{}/static/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
            assert_eq!(to_bytes(response.into_body()).await.unwrap(), on_disk);
        }
    }

    #[actix_web::test]
    async fn another_hash_and_another_name_are_not_found() {
        let hash = url("gatehouse.css").split('/').nth(2).unwrap();
        assert_eq!(hash.len(), 16);
        for path in [
            "/static/0000000000000000/gatehouse.css".to_owned(),
            format!("/static/{hash}/continue.js"),
            format!("/static/{hash}/..%2FCargo.toml"),
            url("no-such-file").to_owned(),
        ] {
            let response = get(&path).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "{path}");
            assert_ne!(header(&response, "cache-control"), "public, max-age=31536000, immutable");
        }
    }
}
